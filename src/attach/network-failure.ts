/** Why something failed in a browser, by the names of its network stack. */

/** The codes of the same failures of our own connections. */
const CODES: Readonly<Record<string, string>> = {
  ERR_CONNECTION_REFUSED: 'ECONNREFUSED',
  ERR_CONNECTION_RESET: 'ECONNRESET',
  ERR_CONNECTION_TIMED_OUT: 'ETIMEDOUT',
  ERR_NAME_NOT_RESOLVED: 'ENOTFOUND',
}

/** The code of a failure that is described in a text with a name such as `net::ERR_CONNECTION_REFUSED`. */
export function failureCodeOf(text: string): string {
  const [, name] = /\bnet::(ERR_[A-Z_0-9]{1,60})/.exec(text) ?? []
  return name === undefined ? 'PROGRAM' : (CODES[name] ?? name)
}
