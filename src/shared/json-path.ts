/** JSONPaths (RFC 9535) as they are shown and offered. */

/** The step to a member: `.price`, and in brackets where it has other characters than letters, digits and `_`. */
export function memberStep(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`
}
