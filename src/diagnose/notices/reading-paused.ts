/** Connections are not read from while the disk is too slow for the capture. */
import { shortUrl } from '../../shared/url.ts'
import { statusNotice } from './status-notice.ts'

export const readingPaused = statusNotice('reading-paused', ({ connections }) => {
  const urls = connections.filter(({ stalled }) => stalled).map(({ url }) => shortUrl(url))
  if (urls.length === 0) return undefined
  return {
    message: `Reading from ${urls.join(', ')} is paused until the disk catches up.`,
    evidence: { connections: urls.length },
  }
})
