/** The documents with requests: which they are, what they say, and where that is. */
import * as vscode from 'vscode'
import type { RequestFile, Span } from '../../../request/file/request-file.ts'
import { EXTENSION_ID } from '../../contributions.ts'
import { type IndexedFile, isRequestDocument, type RequestIndex } from '../../requests/request-index.ts'

/** REST Client and httpYac own the language; a file that has another one is known by its name. */
export const REQUEST_DOCUMENTS: vscode.DocumentSelector = [
  { language: 'http' },
  { pattern: '**/*.{http,rest}' },
]

/** Characters of a document. Editors do not help in a larger one. */
export const MAX_DOCUMENT = 1_000_000

/** A response that another extension shows in the same language begins with its status line. */
const RESPONSE = /^HTTP\/\d/
/** Cells of notebooks belong to the extension that owns the notebook. */
const OTHERS = new Set(['vscode-notebook-cell', 'output', 'git', 'comment'])

/** Whether the document is a file of requests that somebody writes, however large it is. */
export function hasRequests(document: vscode.TextDocument): boolean {
  return (
    isRequestDocument(document) && !OTHERS.has(document.uri.scheme) && !RESPONSE.test(document.lineAt(0).text)
  )
}

export function isTooLarge(document: vscode.TextDocument): boolean {
  return document.offsetAt(document.lineAt(document.lineCount - 1).range.end) > MAX_DOCUMENT
}

/**
 * What the document says, with the names of its requests; undefined if it is none of ours, or too large. It is parsed once
 * for each version.
 */
export function indexDocument(
  index: Pick<RequestIndex, 'ofDocument'>,
  document: vscode.TextDocument,
): IndexedFile | undefined {
  return hasRequests(document) && !isTooLarge(document) ? index.ofDocument(document) : undefined
}

/** As `indexDocument`, without the names. */
export function readDocument(
  index: Pick<RequestIndex, 'ofDocument'>,
  document: vscode.TextDocument,
): RequestFile | undefined {
  return indexDocument(index, document)?.file
}

export function rangeOf(document: vscode.TextDocument, { start, end }: Span): vscode.Range {
  return new vscode.Range(document.positionAt(start), document.positionAt(end))
}

/** Whether an extension that runs HTTP requests is here, too: it owns plain requests, and says what is wrong with them. */
export function sharesLanguage(): boolean {
  return vscode.extensions.all.some(
    ({ id, packageJSON }) =>
      id !== EXTENSION_ID &&
      packageJSON?.contributes?.languages?.some?.((language: { id?: unknown }) => language?.id === 'http'),
  )
}

/** The places of a file with requests that are not of this tool: plain HTTP, and protocols that only others run. */
export function foreignSpans({ requests, problems }: RequestFile): readonly Span[] {
  return requests.filter((request) =>
    problems.some(
      ({ code, start }) =>
        (code === 'PLAIN_HTTP' || code === 'OTHER_PROTOCOL') && request.start <= start && start < request.end,
    ),
  )
}
