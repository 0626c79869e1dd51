/** 下载、导出、调取原件; "Download, Export, Open the original". */
export function writeList(words: readonly string[], language: string): string {
  return words.join(language.startsWith('zh') ? '、' : ', ');
}
