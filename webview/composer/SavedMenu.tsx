import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { MAX_NAME, type SavedMessage, type ShelfChange } from '../../src/shared/compose/shelf.ts'
import { sentenceOf } from '../../src/shared/failure.ts'
import { focusHere } from '../state/keyboard.ts'
import { usePage } from '../state/page.ts'
import { IconButton } from '../ui/Icon.tsx'
import { Popover } from '../ui/Popover.tsx'
import { MessageEntry } from './MessageEntry.tsx'

/** Saved messages: inserts, renames and deletes them, and saves the current one. */
export function SavedMenu() {
  return (
    <Popover icon="bookmark" name="Saved messages">
      {(close) => <Saved close={close} />}
    </Popover>
  )
}

function Saved({ close }: { close: () => void }) {
  const page = usePage()
  const { composer } = page
  const [failure, setFailure] = useState<string>()
  const [renamed, setRenamed] = useState<string>()
  const list = useRef<HTMLDivElement>(null)
  const { messages } = composer.shelf.value
  const { message } = composer

  const change = async (wanted: ShelfChange): Promise<boolean> => {
    try {
      composer.shelf.value = await page.host.call('shelve', wanted)
      setFailure(undefined)
      return true
    } catch (thrown) {
      setFailure(sentenceOf(thrown))
      return false
    }
  }

  /** Keeps the focus in the menu if the focused element is removed. */
  const refocus = () =>
    requestAnimationFrame(() => focusHere(list.current?.querySelector<HTMLElement>('[data-entry], input')))

  return (
    <div ref={list}>
      {messages.length > 0 && (
        <ul aria-label="Saved messages">
          {messages.map((saved) => (
            <li key={saved.name} class="entry-row">
              {renamed === saved.name ? (
                <NameForm
                  label="New name"
                  action="Rename"
                  initial={saved.name}
                  onDone={async (to) => {
                    const done = await change({ rename: saved.name, to })
                    if (done) {
                      setRenamed(undefined)
                      refocus()
                    }
                    return done
                  }}
                />
              ) : (
                <Row
                  saved={saved}
                  onPick={() => {
                    composer.load(saved)
                    close()
                  }}
                  onRename={() => setRenamed(saved.name)}
                  onDelete={() => void change({ remove: saved.name }).then(refocus)}
                />
              )}
            </li>
          ))}
        </ul>
      )}
      {message === undefined || message.text === '' ? (
        <p class="hint">Write a message, then save it here under a name.</p>
      ) : (
        <NameForm
          label="Save this message as"
          action="Save"
          initial=""
          isFirst
          onDone={(name) => change({ save: { name, ...message } })}
        />
      )}
      <div role="alert" class="tone-error">
        {failure}
      </div>
      <p class="hint">Saved messages are kept on this computer, unencrypted. Do not put secrets here.</p>
    </div>
  )
}

interface RowProps {
  readonly saved: SavedMessage
  readonly onPick: () => void
  readonly onRename: () => void
  readonly onDelete: () => void
}

function Row({ saved, onPick, onRename, onDelete }: RowProps) {
  return (
    <>
      <MessageEntry message={saved} name={saved.name} onPick={onPick} />
      <IconButton icon="edit" name={`Rename ${saved.name}`} onClick={onRename} />
      <IconButton icon="trash" name={`Delete ${saved.name}`} onClick={onDelete} />
    </>
  )
}

interface NameFormProps {
  readonly label: string
  readonly action: string
  readonly initial: string
  /** Gets the focus when the menu opens. */
  readonly isFirst?: boolean
  /** Returns whether it was done. */
  readonly onDone: (name: string) => Promise<boolean>
}

function NameForm({ label, action, initial, isFirst = false, onDone }: NameFormProps) {
  const [name, setName] = useState(initial)
  const input = useRef<HTMLInputElement>(null)
  useLayoutEffect(() => {
    if (initial !== '') input.current?.select()
  }, [initial])
  return (
    <form
      class="name-form"
      onSubmit={(event) => {
        event.preventDefault()
        void onDone(name).then((done) => done && setName(''))
      }}
    >
      <label>
        {label}
        <input
          ref={input}
          class="field"
          type="text"
          data-first={isFirst ? true : undefined}
          maxLength={MAX_NAME}
          value={name}
          onInput={(event) => setName(event.currentTarget.value)}
        />
      </label>
      <button type="submit" class="chip">
        {action}
      </button>
    </form>
  )
}
