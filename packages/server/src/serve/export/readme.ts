/** README.txt of an export, for somebody who has nothing but the package. */
export function readmeOf(about: {
  archiveName: string;
  origin: string;
  verifierKey: string;
  count: number;
}): string {
  const { archiveName, origin, verifierKey, count } = about;
  return `通话档案导出包 · EXPORT OF CALL RECORDS
${archiveName} · ${count}

一、内容
index.json           何人、何时、依据哪项授权或监管任务、何种用途导出，以及每通通话的文件
records/<编号>/      脱敏录音或视频（media.*）、脱敏转写（transcript.json、transcript.vtt）、
                     档案清单（manifest.json，不含客户号码、账号、姓名）、截图（仅在授权范围内）
records/<编号>/trail.jsonl     该通话在审计账本中的全部条目，每行一条，与账本原文逐字相同
records/<编号>/proofs/         每一条目的包含性证明（C2SP tlog-proof）
ledger/checkpoint    账本检查点，由档案库签名
SHA256SUMS           以上全部文件的摘要

二、离线核验
1. 文件完整：在本目录运行   sha256sum -c SHA256SUMS
2. 账本条目：每个 .tlog-proof 文件含条目原文（extra 行，base64）、序号、证明路径与检查点。
   条目散列为 SHA-256(00 ‖ 条目)，节点散列为 SHA-256(01 ‖ 左 ‖ 右)（RFC 6962），
   由此算出的根须与检查点第三行一致；检查点须有下列密钥的 Ed25519 签名（C2SP signed-note）。
3. 验证密钥须另行向档案单位索取并比对，不可只信本包：
   ${verifierKey}

1. WHAT IS IN IT
index.json           who exported it, when, under which grant or mandate, for which purpose, and
                     the files of each record
records/<id>/        redacted media (media.*), redacted transcript (transcript.json, .vtt), the
                     manifest without the customer's number, account and name, and screenshots
                     where the grant covers them
records/<id>/trail.jsonl       every ledger entry about the record, one a line, byte for byte
records/<id>/proofs/           a proof of inclusion for each (C2SP tlog-proof)
ledger/checkpoint    the checkpoint of the ledger, signed by the archive
SHA256SUMS           digests of all of these

2. TO VERIFY IT OFFLINE
1. Whole and unchanged: run   sha256sum -c SHA256SUMS   in this folder
2. Ledger entries: each .tlog-proof holds the entry (line "extra", base64), its index, the audit
   path and the checkpoint. Hash of an entry: SHA-256(00 || entry); of a node:
   SHA-256(01 || left || right), as RFC 6962. The root must be the third line of the checkpoint,
   and the checkpoint signed (Ed25519, C2SP signed-note) by the key below.
3. Ask the archive for its verifier key on another way and compare; do not believe this file alone:
   ${verifierKey}

origin: ${origin}
`;
}
