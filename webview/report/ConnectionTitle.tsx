import type { ConnectionReport } from '../../src/shared/report.ts'
import { shortUrl } from '../format/connection.ts'
import { usePage } from '../state/page.ts'

/** The name of a connection with its color. */
export function ConnectionTitle({ connection: { id, url } }: { connection: ConnectionReport }) {
  const { looks } = usePage()
  return (
    <span class={`report-name connection-${looks.colorOf(id)}`} title={url}>
      <b class="clip">{looks.nameOf(id) || shortUrl(url)}</b>
    </span>
  )
}
