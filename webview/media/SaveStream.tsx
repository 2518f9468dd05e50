import { usePanel } from '../panel.ts'
import type { Watch } from './use-watch.ts'

/** Saves every byte of the stream to a file. */
export function SaveStream({ watch }: { watch: Watch }) {
  const panel = usePanel()
  return (
    <button
      type="button"
      class="link"
      onClick={() =>
        void panel.attempt(panel.host.call('savePayload', { index: watch.open, whole: true }, 0))
      }
    >
      Save stream…
    </button>
  )
}
