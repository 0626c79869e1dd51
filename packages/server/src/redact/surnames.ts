/** The surnames of nearly everyone in mainland China; those that are everyday words are left out. */
export const SURNAMES: ReadonlySet<string> = new Set(
  '王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程苏魏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫雷龙史陶黎贺毛段郝顾龚邵万覃武钱戴严莫孔向汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单裴霍成苗谷曲盛冉蓝路游辛靳管柴蒙鲍华喻祁房蒲滕屈饶解牟艾尤阳穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝封官谈匡鞠惠荆乐冀胥郁南班储原楚燕鹿奚皮檀阎邸'.split(
    '',
  ),
);
export const DOUBLE_SURNAMES =
  '欧阳|上官|司马|诸葛|司徒|皇甫|夏侯|尉迟|公孙|慕容|令狐|东方|南宫|西门|独孤|轩辕|端木|百里|呼延|长孙|宇文|闻人|澹台|淳于|拓跋|赫连';

/** Surnames explained by the parts of their character. */
export const EXPLAINED_SURNAMES =
  '弓长张|立早章|木子李|耳东陈|双木林|口天吴|言午许|三横王|三横一竖|草头黄|大肚黄|走肖赵|双口吕|古月胡|人可何|美女姜|生姜的姜|文刀刘|木易杨|一口田|水工江|人禾余|干勾于|又双邓|日月明';

/** The characters that names of other languages are written with. */
export const TRANSCRIBED: ReadonlySet<string> = new Set(
  '阿卜杜拉买提古丽娜尔艾力努麦吐逊热依合曼扎西卓玛次仁多吉央金格桑旺堆达瓦尼巴特其木格乌云仁托雅帕孜江肉伊布欣迪里亚森克姆苏莱热娅孜帕提哈斯那日朝鲁额敏布和'.split(
    '',
  ),
);
