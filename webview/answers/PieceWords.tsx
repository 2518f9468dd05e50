/** Characters of a piece that a row shows. */
const SHOWN = 120
const INVISIBLE = /(^ +| +$|[\n\r\t])/
const SIGNS: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

/** A piece of an answer on one line, with signs for line breaks and for the spaces at its ends. */
export function PieceWords({ text }: { text: string }) {
  const shown = text.slice(0, SHOWN)
  if (!INVISIBLE.test(shown)) return <>{shown}</>
  return (
    <>
      {shown.split(INVISIBLE).map((part, i) =>
        i % 2 === 0 ? (
          part
        ) : (
          <span key={i} class="escape">
            {SIGNS[part] ?? '␣'.repeat(part.length)}
          </span>
        ),
      )}
    </>
  )
}
