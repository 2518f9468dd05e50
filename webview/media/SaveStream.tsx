import { usePage } from '../state/page.ts'
import type { Watch } from './use-watch.ts'

/** Saves every byte of the stream to a file. */
export function SaveStream({ watch }: { watch: Watch }) {
  const page = usePage()
  return (
    <button
      type="button"
      class="link"
      onClick={() => void page.attempt(page.host.call('savePayload', { index: watch.open, whole: true }, 0))}
    >
      Save stream…
    </button>
  )
}
