/** Arguments as commands get them: from menus, from keybindings, from other extensions. */
import * as v from 'valibot'
import * as vscode from 'vscode'
import { Failure } from '../../shared/failure.ts'

const WEBVIEW_SCHEME = 'webview-panel'

/** The last argument of a command that a code lens or a menu runs: failures are shown, with what to do about them. */
export const FROM_MENU = 'menu'

/**
 * The arguments of a command for a file or a request: a file, the name of a request, and more. A row of the side bar stands
 * for its file, and for its request if it has a name.
 */
export function ofRow([row, ...others]: readonly unknown[]): readonly unknown[] {
  if (!(row instanceof Object && 'uri' in row)) return [row, ...others]
  return 'name' in row ? [row.uri, row.name, FROM_MENU] : [row.uri, ...others]
}

/** Whether an argument is what a menu passes after the file: the selected files, or the editor's group. */
export function isMenuContext(argument: unknown): boolean {
  return (
    Array.isArray(argument) || (typeof argument === 'object' && argument !== null && 'groupId' in argument)
  )
}

/**
 * The options that a command gets after a file; undefined if there are none, or if a menu passes its own context there.
 * Throws `BAD_ARGUMENT` with the sentence `wrong`.
 */
export function readOptions<Schema extends v.GenericSchema>(
  argument: unknown,
  schema: Schema,
  wrong: string,
): v.InferOutput<Schema> | undefined {
  if (argument === undefined || argument === null || isMenuContext(argument)) return undefined
  const parsed = v.safeParse(schema, argument)
  if (parsed.success) return parsed.output
  throw new Failure('BAD_ARGUMENT', wrong)
}

/**
 * A file by its URI, its path, or an object that has its URI; undefined if `argument` is, or if it is the URI of a webview,
 * which the menu in its title passes.
 */
export function asUri(argument: unknown): vscode.Uri | undefined {
  if (typeof argument === 'object' && argument !== null && 'uri' in argument) return asUri(argument.uri)
  if (argument instanceof vscode.Uri) return argument.scheme === WEBVIEW_SCHEME ? undefined : argument
  if (argument === undefined) return undefined
  if (typeof argument === 'string') return vscode.Uri.file(argument)
  throw new Failure('BAD_ARGUMENT', vscode.l10n.t('Name a file by its URI or its path.'))
}

/** The id of a connection: the number, or an object that has it; undefined if `argument` is or is null. */
export function parseId(argument: unknown): number | undefined {
  const id = typeof argument === 'object' && argument !== null && 'id' in argument ? argument.id : argument
  if (id === undefined || id === null) return undefined
  if (typeof id === 'number' && Number.isInteger(id) && id > 0) return id
  throw new Failure('BAD_ID', vscode.l10n.t('Name a connection by its id, an integer from 1.'))
}

/** How many times as fast as recorded; null does not wait. */
export const SPEED = v.nullable(v.pipe(v.number(), v.minValue(0.01), v.maxValue(10_000)))
