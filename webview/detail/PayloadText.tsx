import { useMemo } from 'preact/hooks'
import { highlight, type PayloadView, splitBlocks } from './payload-view.ts'

/** Characters of the longest text that is colored. Longer text is plain. */
const MOST_HIGHLIGHTED = 256 * 1024

/** The payload as text. JSON is colored. */
export function PayloadText({ view: { form, text }, wrap }: { view: PayloadView; wrap: boolean }) {
  const isColored = form === 'json' && text.length <= MOST_HIGHLIGHTED
  const blocks = useMemo(() => splitBlocks(text), [text])
  return (
    <pre class={`payload mono ${wrap ? '' : 'is-unwrapped'}`}>
      {blocks.map((block, i) => (
        <code class="block" key={`${i}`}>
          {isColored
            ? highlight(block).map(({ role, text: piece }, k) =>
                role === 'plain' ? (
                  piece
                ) : (
                  <span class={`json-${role}`} key={`${k}`}>
                    {piece}
                  </span>
                ),
              )
            : block}
        </code>
      ))}
    </pre>
  )
}
