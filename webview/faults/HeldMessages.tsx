import * as l10n from '@vscode/l10n'
import { useEffect, useRef } from 'preact/hooks'
import { formatBytes, formatCount } from '../format/count.ts'
import type { HeldAtProxy } from '../state/faults.ts'
import { focusHere } from '../state/keyboard.ts'
import { usePage } from '../state/page.ts'
import { Chip } from '../ui/buttons.tsx'

/** Messages that are listed; the others follow once these are released. */
const MOST_LISTED = 5

interface HeldMessagesProps {
  readonly held: readonly HeldAtProxy[]
  /** The number of held messages. Only some of them may be listed. */
  readonly count: number
}

/** The messages that proxies hold until the user releases, edits or drops them. */
export function HeldMessages({ held, count }: HeldMessagesProps) {
  const page = usePage()
  return (
    <div class="automatic">
      <div class="automatic-head">
        <h2>{l10n.t('Held messages')}</h2>
        <span class="dim clip">{waitingText(count, Math.min(held.length, MOST_LISTED))}</span>
        <Chip
          onClick={() => {
            for (const proxy of new Set(held.map((each) => each.proxy)))
              void page.call('releaseHeld', { proxy })
          }}
        >
          {l10n.t('Release All')}
        </Chip>
      </div>
      <ul class="rules" aria-label={l10n.t('Held messages')}>
        {held.slice(0, MOST_LISTED).map((message) => (
          <HeldRow key={`${message.proxy} ${message.id}`} message={message} />
        ))}
      </ul>
    </div>
  )
}

function waitingText(count: number, listed: number): string {
  if (count === 1) return l10n.t('1 waits for you')
  if (count <= listed) return l10n.t('{0} wait for you', formatCount(count))
  return l10n.t('{0} wait for you, here are the oldest {1}', formatCount(count), formatCount(listed))
}

function HeldRow({ message }: { readonly message: HeldAtProxy }) {
  const page = usePage()
  const { edited } = page.faults
  const row = useRef<HTMLLIElement>(null)
  const { proxy, id, direction, size, text, connection } = message
  const isEdited = edited.value?.proxy === proxy && edited.value.id === id
  const typed = isEdited ? edited.value?.text : undefined
  const way = direction === 'in' ? l10n.t('received') : l10n.t('sent')
  const release = (what: { readonly text?: string; readonly drop?: boolean }) => {
    if (isEdited) edited.value = undefined
    const near = row.current?.nextElementSibling ?? row.current?.previousElementSibling
    focusHere(near?.querySelector('button'))
    void page.call('releaseHeld', { proxy, message: id, ...what })
  }
  return (
    <li class="rule" ref={row}>
      <span role="img" aria-label={way}>
        {direction === 'in' ? '↓' : '↑'}
      </span>
      <span class="dim clip">{page.looks.nameOf(connection)}</span>
      <span class="rule-words">
        {typed === undefined ? (
          <span class={`clip ${text === undefined ? 'dim' : 'mono'}`} title={text}>
            {text ?? l10n.t('binary, or too large to edit')}
          </span>
        ) : (
          <HeldText
            text={typed}
            change={(next) => {
              edited.value = { proxy, id, text: next }
            }}
            release={() => release({ text: typed })}
            leave={() => {
              focusHere(row.current?.querySelector<HTMLElement>('[aria-pressed]'))
              edited.value = undefined
            }}
          />
        )}
      </span>
      <span class="dim tabular">{formatBytes(size)}</span>
      <Chip onClick={() => release(typed === undefined ? {} : { text: typed })}>
        {typed === undefined ? l10n.t('Release') : l10n.t('Release Edited')}
      </Chip>
      {text !== undefined && (
        <Chip
          aria-pressed={isEdited}
          onClick={() => {
            edited.value = isEdited ? undefined : { proxy, id, text }
          }}
        >
          {l10n.t('Edit')}
        </Chip>
      )}
      <Chip onClick={() => release({ drop: true })}>{l10n.t('Drop Message')}</Chip>
    </li>
  )
}

interface HeldTextProps {
  readonly text: string
  change(text: string): void
  release(): void
  leave(): void
}

/** The text of a held message, which has the focus from the start. Enter releases it, Escape leaves it as it was. */
function HeldText({ text, change, release, leave }: HeldTextProps) {
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => focusHere(field.current), [])
  return (
    <input
      ref={field}
      class="field mono held-text"
      type="text"
      aria-label={l10n.t('Text of the held message')}
      autocomplete="off"
      spellcheck={false}
      value={text}
      onInput={({ currentTarget }) => change(currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' && event.key !== 'Escape') return
        // The focus moves to a button, which this key must not press, and the page must not move it on.
        event.preventDefault()
        event.stopPropagation()
        if (event.key === 'Enter') release()
        else leave()
      }}
    />
  )
}
