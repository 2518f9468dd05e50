import { usePage } from '../state/page.ts'
import { Popover } from '../ui/Popover.tsx'
import { MessageEntry } from './MessageEntry.tsx'

/** Messages sent from this panel, newest first. */
export function HistoryMenu() {
  const { composer } = usePage()
  return (
    <Popover icon="history" name="History">
      {(close) =>
        composer.history.entries.length === 0 ? (
          <p class="hint">Messages you send are listed here until the panel closes.</p>
        ) : (
          <ul aria-label="Messages sent">
            {composer.history.entries.toReversed().map((message, i) => (
              <li key={i}>
                <MessageEntry
                  message={message}
                  onPick={() => {
                    composer.load(message)
                    close()
                  }}
                />
              </li>
            ))}
          </ul>
        )
      }
    </Popover>
  )
}
