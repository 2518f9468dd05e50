/** Asks for the Protobuf message types of a connection: for files, then for types in them. */
import * as vscode from 'vscode'
import { readSchemas } from '../../decode/protocols/payloads/protobuf/imports.ts'
import { Failure } from '../../shared/failure.ts'
import type { Envelope, MessageChoice, MessageTypeInfo } from '../../shared/protocol/decoding.ts'
import { SCHEMA_PLACE } from '../files/schema-files.ts'
import type { EngineSession } from '../session/engine-session.ts'
import type { ChosenTypes } from '../session/message-types.ts'
import { askText, pickOne } from '../ui/asking.ts'
import { cancelled } from '../ui/notifier.ts'

type Types = readonly MessageTypeInfo[]

interface Way extends vscode.QuickPickItem {
  ask(types: Types): Promise<MessageChoice>
}

/** Types that a field which names types may have. */
const NAMING: ReadonlySet<string> = new Set([
  'string',
  'enum',
  'int32',
  'uint32',
  'sint32',
  'int64',
  'uint64',
])

/** Rejects with CANCELLED, or with a `Failure` that says what is wrong with the files. */
export async function askMessageTypes(session: EngineSession): Promise<ChosenTypes> {
  const files = await vscode.window.showOpenDialog({
    title: vscode.l10n.t('Files with Protobuf message types'),
    openLabel: vscode.l10n.t('Choose'),
    canSelectMany: true,
    filters: { Protobuf: ['proto', 'pb', 'desc', 'binpb', 'protoset'] },
  })
  if (files === undefined) throw cancelled()
  const found = await readSchemas(files, SCHEMA_PLACE)
  const types = await session.call('messageTypes', { files: found.files })
  if (types.length === 0)
    throw new Failure('NO_TYPES', vscode.l10n.t('The files have no message types. Choose other files.'))
  const way = await pickOne(WAYS, vscode.l10n.t('Types of the Messages'), { ignoreFocusOut: true })
  return { files, message: await way.ask(types) }
}

const WAYS: readonly Way[] = [
  {
    label: vscode.l10n.t('Same Type in Both Directions'),
    ask: async (types) => await askType(types, vscode.l10n.t('Type of All Messages')),
  },
  {
    label: vscode.l10n.t('Types by Direction'),
    detail: vscode.l10n.t('One type for received messages, and one for sent messages.'),
    ask: async (types) => ({
      in: await askType(types, vscode.l10n.t('Type of Received Messages')),
      out: await askType(types, vscode.l10n.t('Type of Sent Messages')),
    }),
  },
  {
    label: vscode.l10n.t('Type of Received Messages Only'),
    detail: vscode.l10n.t('Sent messages are shown as wire types.'),
    ask: async (types) => ({ in: await askType(types, vscode.l10n.t('Type of Received Messages')) }),
  },
  {
    label: vscode.l10n.t('Type of Sent Messages Only'),
    detail: vscode.l10n.t('Received messages are shown as wire types.'),
    ask: async (types) => ({ out: await askType(types, vscode.l10n.t('Type of Sent Messages')) }),
  },
  {
    label: vscode.l10n.t('Envelope'),
    detail: vscode.l10n.t('A field of each message names the type of the bytes in another field.'),
    ask: askEnvelope,
  },
]

async function askType(types: Types, title: string): Promise<string> {
  const items = types.map(({ name, fields }) => ({
    label: name,
    description: fields.map((field) => field.name).join(', '),
  }))
  return (await pickOne(items, title, { ignoreFocusOut: true, matchOnDescription: true })).label
}

async function askEnvelope(types: Types): Promise<Envelope> {
  const envelopes = types.filter((each) => namingFields(each).length > 0 && payloadFields(each).length > 0)
  if (envelopes.length === 0)
    throw new Failure(
      'NO_ENVELOPE',
      vscode.l10n.t('No type in the files has a field with bytes and one that can name their type.'),
    )
  const envelope = await askType(envelopes, vscode.l10n.t('Type of the Envelope'))
  const info = envelopes.find(({ name }) => name === envelope)
  const fields = info === undefined ? [] : namingFields(info)
  const payloads = info === undefined ? [] : payloadFields(info)
  const type = await pickOne(fields, vscode.l10n.t('Field That Names the Type'), { ignoreFocusOut: true })
  const payload = await pickOne(payloads, vscode.l10n.t('Field with the Bytes'), { ignoreFocusOut: true })
  const known = await askText({
    title: vscode.l10n.t('Types by the Values of {0}', type.label),
    prompt: vscode.l10n.t('Leave it empty if the values are names of types.'),
    placeHolder: `order=${types.find(({ name }) => name !== envelope)?.name ?? 'shop.Order'}, …`,
    validateInput: (typed) => typesByValue(typed, types).problem,
  })
  const { byValue } = typesByValue(known, types)
  return {
    envelope,
    type: type.label,
    payload: payload.label,
    ...(Object.keys(byValue).length > 0 && { types: byValue }),
  }
}

function namingFields({ fields }: MessageTypeInfo): vscode.QuickPickItem[] {
  return fields
    .filter(({ type, isRepeated }) => !isRepeated && NAMING.has(type))
    .map(({ name, type }) => ({ label: name, description: type }))
}

function payloadFields({ fields }: MessageTypeInfo): vscode.QuickPickItem[] {
  return fields
    .filter(({ type, isRepeated }) => !isRepeated && type === 'bytes')
    .map(({ name, type }) => ({ label: name, description: type }))
}

/** Reads `order=shop.Order, line=shop.Line`. */
function typesByValue(
  typed: string,
  types: Types,
): { readonly byValue: Readonly<Record<string, string>>; readonly problem?: string } {
  const byValue: Record<string, string> = {}
  for (const pair of typed.split(',').filter((each) => each.trim() !== '')) {
    const [, value, name] = /^\s*(.*?)\s*=\s*(\S+)\s*$/.exec(pair) ?? []
    if (value === undefined || name === undefined)
      return { byValue, problem: vscode.l10n.t('Enter values and types, such as order=shop.Order.') }
    if (!types.some((type) => type.name === name))
      return { byValue, problem: vscode.l10n.t('The files have no type {0}.', name) }
    byValue[value] = name
  }
  return { byValue }
}
