/** Real ones have some 200 characters; what comes after this is not looked at. */
const USER_AGENT_LENGTH_MAX = 512;

/** Browsers name those they descend from as well, so the youngest comes first: Edge also says Chrome and Safari. */
const BROWSERS: readonly (readonly [mark: RegExp, name: string])[] = [
  [/\b(?:Edg|EdgA|EdgiOS)\//, 'Edge'],
  [/\b(?:OPR|OPiOS|OPX)\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\b(?:Firefox|FxiOS)\//, 'Firefox'],
  [/\b(?:Chrome|Chromium|CriOS|HeadlessChrome)\//, 'Chrome'],
  [/\bVersion\/\S+ (?:Mobile\/\S+ )?Safari\//, 'Safari'],
];

/** Android also says Linux, and an iPhone that it is like Mac OS X. */
const SYSTEMS: readonly (readonly [mark: RegExp, name: string])[] = [
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bAndroid\b/, 'Android'],
  [/\bWindows\b/, 'Windows'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bMac(?:intosh| OS X)\b/, 'macOS'],
  [/\bLinux\b/, 'Linux'],
];

/**
 * What signed in, coarsely, for its owner to recognise: "Chrome on Linux". The text is made of the words above and of
 * nothing that was sent, so whatever a `User-Agent` header holds is inert. Undefined when none of them is found.
 */
export function describeDevice(userAgent: string | undefined): string | undefined {
  const text = userAgent?.slice(0, USER_AGENT_LENGTH_MAX) ?? '';
  const browser = firstOf(BROWSERS, text);
  const system = firstOf(SYSTEMS, text);
  return browser !== undefined && system !== undefined ? `${browser} on ${system}` : (browser ?? system);
}

function firstOf(marks: typeof BROWSERS, text: string): string | undefined {
  return marks.find(([mark]) => mark.test(text))?.[1];
}
