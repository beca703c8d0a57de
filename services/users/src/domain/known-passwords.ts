/** Well-known phrases of twelve characters or more, folded: what lists of stolen passwords, which are short, have few of. */
export const KNOWN_PHRASES: ReadonlySet<string> = new Set(
  `correcthorsebatterystaple|correct horse battery staple|correct-horse-battery-staple|correcthorsebattery|passwordpassword|
  password123456|password1234567|password12345678|iloveyouforever|iloveyousomuch|iloveyoubaby|manchesterunited|
  manchester united|liverpoolfc1892|realmadrid1902|barcelona1899|harrypotter123|lordoftherings|lord of the rings|
  starwarsforever|maytheforcebewithyou|may the force be with you|letmeinplease|letmein123456|pleaseletmein|
  changemechangeme|changemeplease|thisisapassword|this is a password|thisismypassword|mypasswordismypassword|
  idontknowmypassword|i forgot my password|iforgotmypassword|forgotmypassword|trustnoonetrustnoone|administrator|
  administrator1|administrator123|administratoradministrator|superadministrator|rootrootroot|testtesttest|
  welcomewelcome|welcometomybank|qwertyqwerty|monkeymonkey|dragondragon|footballfootball|baseballbaseball|
  sunshinesunshine|princessprincess|mastermaster1|thequickbrownfox|the quick brown fox|tobeornottobe|to be or not to be|
  opensesameopen|abracadabra123|supercalifragilisticexpialidocious|antidisestablishmentarianism|
  neveragainneveragain|onetwothreefour|one two three four|onetwothreefourfive|unitedstatesofamerica|
  computercomputer|internetinternet|secretsecret|mysecretpassword|godisgreatgodisgreat|jesuslovesyou|jesusislord|
  happybirthday|happybirthday1|merrychristmas|merrychristmas1|goodmorningvietnam|winteriscoming|winter is coming`
    .split(/\|\s*|\n\s*/)
    .map((line) => line.trim())
    .filter((line) => line !== ''),
);

/** Words a guesser tries first at a bank of this name; they add nothing to a password. */
export const OBVIOUS_WORDS: readonly string[] = [
  'administrator',
  'password',
  'passwort',
  'motdepasse',
  'contrasena',
  'welcome',
  'willkommen',
  'iloveyou',
  'princess',
  'sunshine',
  'football',
  'baseball',
  'letmein',
  'changeme',
  'qwertz',
  'qwerty',
  'azerty',
  'dragon',
  'monkey',
  'master',
  'shadow',
  'secret',
  'summer',
  'winter',
  'spring',
  'autumn',
  'florin',
  'banking',
  'account',
  'online',
  'money',
  'login',
  'admin',
  'guest',
  'hello',
  'bank',
  'user',
  'test',
  'pass',
];
