/** The menu in which the user chooses the decoder of a connection. */
import * as l10n from '@vscode/l10n'
import { NO_DECODER, PROTOBUF } from '../../src/shared/protocol/decoding.ts'
import { can } from '../state/can.ts'
import type { MenuItem } from '../state/menu.ts'
import type { PageState } from '../state/page.ts'

/** Opens the menu at a point of the page. `index` is an event of the connection. */
export async function openDecoderMenu(
  page: PageState,
  connection: number,
  index: number,
  at: { readonly x: number; readonly y: number },
): Promise<void> {
  const [names, decoded] = await Promise.all([page.call('decoders', null), page.call('decoded', { index })])
  if (names === undefined || decoded === undefined) return
  const chosen = decoded.connection?.isChosen === true ? decoded.connection.decoder : null
  const choice = (label: string, decoder: string | null): MenuItem => ({
    label,
    isOn: decoder === chosen,
    closes: true,
    choose: () => void page.call('setDecoder', { connection, decoder }),
  })
  const items = (): MenuItem[] => [
    choice(l10n.t('Recognize Automatically'), null),
    choice(l10n.t('Do Not Decode'), NO_DECODER),
    'line',
    ...names.filter((name) => name !== NO_DECODER).map((name) => choice(name, name)),
    ...(can(page, 'chooseMessageTypes') ? choosingTypes(page, connection, names) : []),
  ]
  page.menu.value = { name: l10n.t('Decode As'), ...at, items }
}

function choosingTypes(page: PageState, connection: number, names: readonly string[]): MenuItem[] {
  return [
    'line',
    {
      label: l10n.t('Protobuf with Message Types…'),
      isDisabled: !names.includes(PROTOBUF),
      choose: () => void page.call('chooseMessageTypes', { connection }, 0),
    },
  ]
}
