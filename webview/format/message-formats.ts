/** The formats of a message as menus show them. */
import * as l10n from '@vscode/l10n'
import type { ComposedMessage } from '../../src/shared/compose/compose.ts'

export const FORMAT_NAMES: Readonly<Record<ComposedMessage['format'] | 'file', string>> = {
  text: l10n.t('Text'),
  json: 'JSON',
  hex: l10n.t('Hex'),
  base64: 'Base64',
  file: l10n.t('File'),
}
