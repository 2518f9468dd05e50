/** Connections are not read from while the disk is too slow for the capture. */
import { formatCount } from '../../shared/text/numbers.ts'
import { shortUrl } from '../../shared/url.ts'
import { statusNotice } from './status-notice.ts'

/** Connections that the sentence names. */
const NAMED = 5

export const readingPaused = statusNotice('reading-paused', ({ connections }) => {
  const urls: string[] = []
  let count = 0
  for (const { stalled, url } of connections) {
    if (!stalled) continue
    count++
    if (urls.length < NAMED) urls.push(shortUrl(url))
  }
  if (count === 0) return undefined
  const more = count > urls.length ? ` and ${formatCount(count - urls.length)} more` : ''
  return {
    message: `Reading from ${urls.join(', ')}${more} is paused until the disk catches up.`,
    evidence: { connections: count },
  }
})
