/** The outline of a document, what can be folded in it, and links to the files that it names. */
import * as vscode from 'vscode'
import type { Span } from '../../../request/file/request-file.ts'
import { settingOf } from '../../../request/file/settings.ts'
import { type Fold, foldsOf } from '../../../request/language/folding.ts'
import { type OutlineItem, outlineOf } from '../../../request/language/outline.ts'
import { pathOf, REQUEST_FILES, uriAt } from '../../requests/request-files.ts'
import type { RequestIndex } from '../../requests/request-index.ts'
import { REQUEST_DOCUMENTS, rangeOf, readDocument } from './request-documents.ts'

type Index = Pick<RequestIndex, 'ofDocument'>

const SYMBOLS: Readonly<Record<OutlineItem['kind'], vscode.SymbolKind>> = {
  variable: vscode.SymbolKind.Variable,
  request: vscode.SymbolKind.Function,
  message: vscode.SymbolKind.Event,
}

const FOLDS: Readonly<Record<Fold['kind'], vscode.FoldingRangeKind | undefined>> = {
  request: vscode.FoldingRangeKind.Region,
  message: undefined,
  comment: vscode.FoldingRangeKind.Comment,
}

export function registerStructure(index: Index): vscode.Disposable {
  const { languages } = vscode
  return vscode.Disposable.from(
    languages.registerDocumentSymbolProvider(
      REQUEST_DOCUMENTS,
      {
        provideDocumentSymbols: (document) => {
          const file = readDocument(index, document)
          return file && outlineOf(file).map((item) => symbolOf(document, item))
        },
      },
      { label: 'Realtime Inspector' },
    ),
    languages.registerFoldingRangeProvider(REQUEST_DOCUMENTS, {
      provideFoldingRanges: (document) => {
        const file = readDocument(index, document)
        return file && foldsOf(file).map((fold) => foldOf(document, fold))
      },
    }),
    languages.registerDocumentLinkProvider(REQUEST_DOCUMENTS, {
      provideDocumentLinks: (document) => linksIn(index, document),
    }),
  )
}

function symbolOf(document: vscode.TextDocument, item: OutlineItem): vscode.DocumentSymbol {
  const symbol = new vscode.DocumentSymbol(
    item.name,
    item.detail,
    SYMBOLS[item.kind],
    rangeOf(document, item.span),
    rangeOf(document, item.selection),
  )
  symbol.children = item.children.map((child) => symbolOf(document, child))
  return symbol
}

function foldOf(document: vscode.TextDocument, { start, end, kind }: Fold): vscode.FoldingRange {
  return new vscode.FoldingRange(document.positionAt(start).line, document.positionAt(end).line, FOLDS[kind])
}

/** Paths without placeholders. */
function linksIn(index: Index, document: vscode.TextDocument): vscode.DocumentLink[] {
  const file = readDocument(index, document)
  if (file === undefined || document.isUntitled) return []
  return file.requests.flatMap(({ body, steps, options }) => {
    const contents = [...body, ...steps.flatMap((step) => (step.kind === 'send' ? step.content : []))]
    const files = contents.flatMap((part) => (part.kind === 'file' ? [part.path] : []))
    const paths = options.flatMap(({ name, value }) => (settingOf(name.text)?.isPath ? [value] : []))
    return [...files, ...paths].flatMap((path) => linkOf(document, path))
  })
}

function linkOf(
  document: vscode.TextDocument,
  path: Span & { readonly text: string },
): vscode.DocumentLink[] {
  if (path.text === '' || path.text.includes('{{')) return []
  const target = uriAt(REQUEST_FILES.resolve(pathOf(document.uri), path.text))
  return [new vscode.DocumentLink(rangeOf(document, path), target)]
}
