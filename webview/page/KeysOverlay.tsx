import * as l10n from '@vscode/l10n'
import { useEffect } from 'preact/hooks'
import { can } from '../state/can.ts'
import { usePage } from '../state/page.ts'
import { IconButton, LinkButton } from '../ui/buttons.tsx'
import { COMMAND, IS_MAC } from '../ui/command-key.ts'
import { Dialog } from '../ui/Dialog.tsx'
import { Icon } from '../ui/Icon.tsx'

type Keys = readonly (readonly [keys: string, does: string])[]

/** The keys of the page, by part. The commands of the editor can have other keys. */
const PARTS: readonly { readonly name: string; readonly keys: Keys }[] = [
  {
    name: l10n.t('Panel'),
    keys: [
      [`${COMMAND}F`, l10n.t('Go to the filter')],
      ['F8', l10n.t('Pause or resume the list')],
      ['?', l10n.t('Show or hide these keys')],
      ['F6', l10n.t('Go to the next part of the window')],
    ],
  },
  {
    name: l10n.t('List'),
    keys: [
      ['↑ ↓', l10n.t('Select the row above or below')],
      ['Page Up, Page Down, Home', l10n.t('Move by a page, or to the first row')],
      ['End', l10n.t('Go to the newest row and follow new ones')],
      ['Shift+↑ ↓', l10n.t('Select several rows')],
      [`${COMMAND}A`, l10n.t('Select all rows')],
      [`${COMMAND}C`, l10n.t('Copy the selected rows')],
      ['Enter', l10n.t('Show the details and move there')],
      ['Escape', l10n.t('Close the details; again: clear the selection')],
      [IS_MAC ? 'Control+Enter' : 'Shift+F10', l10n.t('Open the menu of the row')],
      [l10n.t('letters, /'), l10n.t('Type into the filter')],
    ],
  },
  {
    name: l10n.t('Timeline'),
    keys: [
      ['← →', l10n.t('Move back or forward')],
      ['↑ ↓, + −', l10n.t('Zoom in or out')],
      ['0', l10n.t('Show the whole session')],
      ['Home, End', l10n.t('Go to the start, or to the newest events')],
      ['R', l10n.t('Narrow the list to what is in view')],
      ['Escape', l10n.t('Show all times in the list again')],
    ],
  },
]

/** Shows and hides the keys on `?`, except while the user writes. */
export function KeysOverlay() {
  const { areKeysShown, keyboard } = usePage()
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const isWriting =
        event.target instanceof Element && event.target.closest('input, textarea, select, [contenteditable]')
      if (event.key !== '?' || isWriting || keyboard.isGivenUp || event.defaultPrevented) return
      areKeysShown.value = !areKeysShown.value
      event.preventDefault()
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [areKeysShown, keyboard])
  return areKeysShown.value ? <Overlay /> : null
}

function Overlay() {
  const page = usePage()
  const close = () => {
    page.areKeysShown.value = false
  }
  return (
    <Dialog class="keys" name={l10n.t('Keys')} onClose={close}>
      <div class="keys-head">
        <h2>{l10n.t('Keys')}</h2>
        {can(page, 'changeKeys') && (
          <LinkButton onClick={() => void page.call('changeKeys', null)}>
            <Icon name="keyboard" /> {l10n.t('Change Keys…')}
          </LinkButton>
        )}
        <IconButton icon="close" name={l10n.t('Close')} onClick={close} />
      </div>
      <div class="keys-parts">
        {PARTS.map(({ name, keys }) => (
          <section key={name} aria-label={name}>
            <h3>{name}</h3>
            <dl>
              {keys.map(([key, does]) => (
                <div key={key}>
                  <dt>
                    <kbd>{key}</kbd>
                  </dt>
                  <dd>{does}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  )
}
