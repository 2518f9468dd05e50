/** What a host name says about where the host is. */

/** Whether what is sent to a host of a URL does not leave the machine. RFC 6761, section 6.3, for names. */
export function isLoopback(hostname: string): boolean {
  return /^(localhost|.+\.localhost|127\.\d+\.\d+\.\d+|\[::1\]|\[::ffff:7f[\da-f]{2}:[\da-f]{1,4}\])\.?$/i.test(
    hostname,
  )
}

/** Whether a host of a URL is in a private network: RFC 1918, RFC 3927, RFC 4193, RFC 6762, or a name without a domain. */
export function isPrivate(hostname: string): boolean {
  return /^(10\.\d+\.\d+\.\d+|192\.168\.\d+\.\d+|172\.(1[6-9]|2\d|3[01])\.\d+\.\d+|169\.254\.\d+\.\d+|\[f[cd][\da-f:]*\]|\[fe80:[\da-f:]*\]|[^.[\]:]+|.+\.(local|internal|lan|home\.arpa))\.?$/i.test(
    hostname,
  )
}
