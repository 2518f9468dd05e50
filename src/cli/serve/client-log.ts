/** Logs what clients do as lines of JSON. If the reader is too slow, drops lines and logs how many. */
import type { ClientEvent } from '../../session/serve/serve-options.ts'
import type { LineStream } from '../line-stream.ts'

export function clientLog(lines: LineStream): (event: ClientEvent) => void {
  let hasRoom = true
  let dropped = 0
  const print = (line: ClientEvent | { readonly type: 'dropped'; readonly count: number }) => {
    hasRoom = lines.write(JSON.stringify(line))
    if (hasRoom) return
    lines.onWritable(() => {
      hasRoom = true
      const count = dropped
      dropped = 0
      if (count > 0) print({ type: 'dropped', count })
    })
  }
  return (event) => {
    if (hasRoom) print(event)
    else dropped++
  }
}
