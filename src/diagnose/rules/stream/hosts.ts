/** What a host name says about where the host is. */

/** Whether a host of a URL is in a private network: RFC 1918, RFC 3927, RFC 4193, RFC 6762, or a name without a domain. */
export function isPrivate(hostname: string): boolean {
  return /^(10\.\d+\.\d+\.\d+|192\.168\.\d+\.\d+|172\.(1[6-9]|2\d|3[01])\.\d+\.\d+|169\.254\.\d+\.\d+|\[f[cd][\da-f:]*\]|\[fe80:[\da-f:]*\]|[^.[\]:]+|.+\.(local|internal|lan|home\.arpa))\.?$/i.test(
    hostname,
  )
}
