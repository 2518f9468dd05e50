/** Which hosts are this machine. */

/** As `URL` writes them (RFC 1122 section 3.2.1.3, RFC 4291; RFC 6761 section 6.3 for the names). */
const LOOPBACK =
  /^(?:localhost|.+\.localhost|127(?:\.\d{1,3}){3}|\[::1\]|\[::ffff:7f[\da-f]{2}:[\da-f]{1,4}\])\.?$/
const HOST = /^[\w.:-]{1,255}$/

/** Whether an address, with or without brackets, or a name of a host belongs to this machine. */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[(.*)\]$/, '$1')
  const url = `http://${bare.includes(':') ? `[${bare}]` : bare}/`
  return HOST.test(bare) && URL.canParse(url) && LOOPBACK.test(new URL(url).hostname)
}
