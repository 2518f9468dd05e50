import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { MAX_NOTE } from '../../src/shared/protocol/filtering.ts'
import { formatSessionTime } from '../format/time.ts'
import { focusHere } from '../state/keyboard.ts'
import { usePage } from '../state/page.ts'
import { IconButton } from '../ui/Icon.tsx'

/** Marks the time of the press. The user writes the note afterwards. */
export function MarkButton() {
  const page = usePage()
  const [time, setTime] = useState<number>()
  const [text, setText] = useState('')
  const box = useRef<HTMLSpanElement>(null)
  const isOpen = time !== undefined
  useLayoutEffect(() => {
    if (isOpen) focusHere(box.current?.querySelector('input'))
  }, [isOpen])
  const close = () => {
    setTime(undefined)
    setText('')
    box.current?.querySelector('button')?.focus()
  }
  const mark = (event: Event) => {
    event.preventDefault()
    if (time === undefined) return
    void page.attempt(page.host.call('mark', { text: text.trim(), time }))
    close()
  }
  return (
    <span ref={box} class="mark">
      <IconButton icon="bookmark" name="Mark this moment" onClick={() => setTime(page.session.now())} />
      {isOpen && (
        <form class="sheet mark-sheet" onSubmit={mark}>
          <div class="sheet-row">
            <span class="dim mono">{formatSessionTime(time)}</span>
            <input
              class="sheet-input"
              aria-label={`Note for ${formatSessionTime(time)}`}
              placeholder="What happened? Press Enter to mark it"
              maxLength={MAX_NOTE}
              value={text}
              onInput={(event) => setText(event.currentTarget.value)}
              onKeyDown={(event) => event.key === 'Escape' && close()}
            />
            <button type="submit" class="chip">
              Mark
            </button>
          </div>
        </form>
      )}
    </span>
  )
}
