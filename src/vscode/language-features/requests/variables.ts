/** Go to definition, references, highlights and renaming of variables, also into files of environments. */
import * as vscode from 'vscode'
import type { RequestFile } from '../../../request/file/request-file.ts'
import { requestAround } from '../../../request/file/request-names.ts'
import { definitionFor, variableAt, variablePlaces } from '../../../request/language/variable-places.ts'
import type { VariableScope } from '../../../request/variables/scope.ts'
import { VARIABLE_NAME } from '../../../shared/compose/template.ts'
import { uriAt } from '../../requests/request-files.ts'
import type { RequestIndex } from '../../requests/request-index.ts'
import { REQUEST_DOCUMENTS, rangeOf, readDocument } from './request-documents.ts'
import { type ScopeOptions, scopeOf } from './scopes.ts'

export interface VariableOptions extends ScopeOptions {
  readonly index: Pick<RequestIndex, 'ofDocument' | 'filesNow'>
}

/** A place in a file of environments: the name of a variable, with its quotes if it has any. */
interface Elsewhere {
  readonly uri: vscode.Uri
  readonly offset: number
}

export function registerVariables(options: VariableOptions): vscode.Disposable {
  const { languages } = vscode
  const { index } = options
  const at = (document: vscode.TextDocument, position: vscode.Position) => {
    const file = readDocument(index, document)
    const place = file && variableAt(file, document.offsetAt(position))
    return file && place && { file, place }
  }
  return vscode.Disposable.from(
    languages.registerDefinitionProvider(REQUEST_DOCUMENTS, {
      provideDefinition: async (document, position) => {
        const found = at(document, position)
        if (found === undefined) return undefined
        const { file, place } = found
        const own = definitionFor(file, place.name, place.start)
        if (own !== undefined) return new vscode.Location(document.uri, rangeOf(document, own))
        const scope = await scopeOf(options, document.uri, file, requestAround(file, place.start))
        const { held, others } = elsewhere(scope, place.name)
        return await Promise.all((held === undefined ? others : [held]).map(locationOf))
      },
    }),
    languages.registerReferenceProvider(REQUEST_DOCUMENTS, {
      provideReferences: async (document, position, { includeDeclaration }) => {
        const found = at(document, position)
        if (found === undefined) return undefined
        const { file, place } = found
        const own = variablePlaces(file).filter(
          ({ name, kind }) => name === place.name && (includeDeclaration || kind === 'use'),
        )
        const locations = own.map((each) => new vscode.Location(document.uri, rangeOf(document, each)))
        if (definitionFor(file, place.name, place.start) !== undefined) return locations
        const scope = await scopeOf(options, document.uri, file)
        const { held, others } = elsewhere(scope, place.name)
        const outside = await usesInOtherFiles(options, document, place.name, held)
        const declared = includeDeclaration ? await Promise.all(others.map(locationOf)) : []
        return [...declared, ...locations, ...outside]
      },
    }),
    languages.registerDocumentHighlightProvider(REQUEST_DOCUMENTS, {
      provideDocumentHighlights: (document, position) => {
        const found = at(document, position)
        return found && highlights(document, found.file, found.place.name)
      },
    }),
    languages.registerRenameProvider(REQUEST_DOCUMENTS, {
      prepareRename: (document, position) => {
        const found = at(document, position)
        if (found === undefined) throw new Error(vscode.l10n.t('Only variables can be renamed.'))
        return { range: rangeOf(document, found.place), placeholder: found.place.name }
      },
      provideRenameEdits: async (document, position, newName) => {
        const found = at(document, position)
        if (found === undefined) return undefined
        return await renaming(options, document, found.file, found.place.name, newName)
      },
    }),
  )
}

function highlights(
  document: vscode.TextDocument,
  file: RequestFile,
  name: string,
): vscode.DocumentHighlight[] {
  return variablePlaces(file)
    .filter((each) => each.name === name)
    .map(
      (each) =>
        new vscode.DocumentHighlight(
          rangeOf(document, each),
          each.kind === 'use' ? vscode.DocumentHighlightKind.Read : vscode.DocumentHighlightKind.Write,
        ),
    )
}

/** Where files of environments define the variable: the place that holds now, and all of them. */
function elsewhere(
  scope: VariableScope,
  name: string,
): { readonly held: Elsewhere | undefined; readonly others: readonly Elsewhere[] } {
  const place = scope.definition(name)?.place
  const held = place && { uri: uriAt(place.file), offset: place.offset }
  const byName = [...(scope.sources.environments?.variables.values() ?? [])].flatMap((each) => [
    ...each.values(),
  ])
  const others = byName.flatMap((variables) =>
    variables
      .filter((variable) => variable.name === name)
      .map((variable) => ({ uri: uriAt(variable.place.file), offset: variable.place.offset })),
  )
  return { held, others }
}

async function locationOf(place: Elsewhere): Promise<vscode.Location> {
  const { document, range } = await nameAt(place)
  return new vscode.Location(document.uri, range)
}

/** The name at a place of a file of environments, without quotes. */
async function nameAt({ uri, offset }: Elsewhere) {
  const document = await vscode.workspace.openTextDocument(uri)
  const text = document.getText()
  const start = text.charAt(offset) === '"' ? offset + 1 : offset
  const length = /^[\w.-]{0,64}/.exec(text.slice(start, start + 64))?.[0].length ?? 0
  return { document, range: rangeOf(document, { start, end: start + length }) }
}

/** Where the other files of requests use a variable that they have from the same file of environments. */
async function usesInOtherFiles(
  options: VariableOptions,
  { uri: own }: vscode.TextDocument,
  name: string,
  held: Elsewhere | undefined,
): Promise<vscode.Location[]> {
  if (held === undefined) return []
  const locations: vscode.Location[] = []
  for (const { uri, file } of await options.index.filesNow()) {
    const uses = variablePlaces(file).filter((each) => each.name === name)
    if (uri.toString() === own.toString() || uses.length === 0 || uses.some(({ kind }) => kind !== 'use'))
      continue
    const scope = await scopeOf(options, uri, file)
    if (!elsewhere(scope, name).others.some((each) => each.uri.toString() === held.uri.toString())) continue
    const document = await vscode.workspace.openTextDocument(uri)
    locations.push(...uses.map((each) => new vscode.Location(uri, rangeOf(document, each))))
  }
  return locations
}

async function renaming(
  options: VariableOptions,
  document: vscode.TextDocument,
  file: RequestFile,
  name: string,
  newName: string,
): Promise<vscode.WorkspaceEdit> {
  if (!VARIABLE_NAME.test(newName))
    throw new Error(
      vscode.l10n.t(
        'A variable begins with a letter or _, followed by letters, digits, _, . or -, at most 64 characters.',
      ),
    )
  const edit = new vscode.WorkspaceEdit()
  for (const each of variablePlaces(file))
    if (each.name === name) edit.replace(document.uri, rangeOf(document, each), newName)
  const first = variablePlaces(file).find((each) => each.name === name)
  if (first === undefined || definitionFor(file, name, first.start) !== undefined) return edit
  const { held, others } = elsewhere(await scopeOf(options, document.uri, file), name)
  for (const place of others) {
    const { document: defining, range } = await nameAt(place)
    // A name with dots may be a path into objects, which cannot be renamed in one place.
    if (defining.getText(range) !== name)
      throw new Error(
        vscode.l10n.t(
          '{0} is a value inside an object. Rename it in {1}.',
          name,
          vscode.workspace.asRelativePath(place.uri),
        ),
      )
    edit.replace(place.uri, range, newName)
  }
  for (const { uri, range } of await usesInOtherFiles(options, document, name, held))
    edit.replace(uri, range, newName)
  return edit
}
