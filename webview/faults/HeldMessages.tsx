import * as l10n from '@vscode/l10n'
import { formatBytes, formatCount } from '../format/count.ts'
import type { HeldAtProxy } from '../state/faults.ts'
import { usePage } from '../state/page.ts'
import { Chip } from '../ui/buttons.tsx'

/** Messages that are listed; the others follow once these are released. */
const MOST_LISTED = 5

/** The messages that proxies hold until the user releases, edits or drops them. */
export function HeldMessages({ held }: { readonly held: readonly HeldAtProxy[] }) {
  const page = usePage()
  return (
    <div class="automatic">
      <div class="automatic-head">
        <h2>{l10n.t('Held messages')}</h2>
        <span class="dim clip">{l10n.t('{0} wait for you', formatCount(held.length))}</span>
        <Chip
          onClick={() => {
            for (const { proxy, id } of held) void page.call('releaseHeld', { proxy, message: id })
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

function HeldRow({ message }: { readonly message: HeldAtProxy }) {
  const page = usePage()
  const { edited } = page.faults
  const { proxy, id, direction, size, text, connection } = message
  const typed = edited.value?.id === id ? edited.value.text : undefined
  const way = direction === 'in' ? l10n.t('received') : l10n.t('sent')
  const shown = text ?? l10n.t('binary, or too large to edit')
  const release = (what: { readonly text?: string; readonly drop?: boolean }) => {
    if (typed !== undefined) edited.value = undefined
    void page.call('releaseHeld', { proxy, message: id, ...what })
  }
  return (
    <li class="rule">
      <span role="img" aria-label={way}>
        {direction === 'in' ? '↓' : '↑'}
      </span>
      <span class="dim clip">{page.looks.nameOf(connection)}</span>
      {typed === undefined ? (
        <span class={`rule-words clip ${text === undefined ? 'dim' : 'mono'}`} title={text}>
          {shown}
        </span>
      ) : (
        <input
          class="field mono"
          type="text"
          aria-label={l10n.t('Text of the held message')}
          autocomplete="off"
          spellcheck={false}
          value={typed}
          onInput={({ currentTarget }) => {
            edited.value = { id, text: currentTarget.value }
          }}
          onKeyDown={({ key }) => {
            if (key === 'Enter') release({ text: typed })
            else if (key === 'Escape') edited.value = undefined
          }}
        />
      )}
      <span class="dim tabular">{formatBytes(size)}</span>
      {typed !== undefined ? (
        <Chip onClick={() => release({ text: typed })}>{l10n.t('Release Edited')}</Chip>
      ) : (
        <>
          <Chip onClick={() => release({})}>{l10n.t('Release')}</Chip>
          {text !== undefined && (
            <Chip
              onClick={() => {
                edited.value = { id, text }
              }}
            >
              {l10n.t('Edit')}
            </Chip>
          )}
          <Chip onClick={() => release({ drop: true })}>{l10n.t('Drop Message')}</Chip>
        </>
      )}
    </li>
  )
}
