/** Socket.IO in other programs: the path of the URL is a namespace, and the path of the server is a setting. */

/** The connection to a namespace. A URL without a scheme gets `ws://`, unless it begins with a placeholder. */
export function socketIo(url: string, path: string) {
  const [, scheme, origin = '', namespace = '', query = ''] =
    /^(?:([a-z]{1,20}:)?\/\/)?([^/?#]*)([^?#]*)(\?[^#]*)?/i.exec(url) ?? []
  const socket = /^(?:https|wss):$/i.test(scheme ?? '') ? 'wss://' : 'ws://'
  const isPlaceholder = scheme === undefined && origin.startsWith('{{')
  const place = path.replace(/^\/?/, '/').replace(/\/?$/, '/')
  return {
    url: `${isPlaceholder ? '' : socket}${origin}${place === '/' ? '/socket.io/' : place}${query}`,
    protocol: 'socket.io',
    ...(namespace.length > 1 && { protocolOptions: { namespace } }),
  } as const
}
