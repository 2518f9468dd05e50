/** A link on each URL of a WebSocket, in every editor. */
import * as vscode from 'vscode'
import type { ConnectionSpec } from '../../shared/spec.ts'
import { isRequestDocument } from '../requests/request-index.ts'
import { CONNECT, searchDocument } from './document-connections.ts'
import { findWebSocketUrls } from './find-connections.ts'

export function registerDocumentLinks(): vscode.Disposable {
  return vscode.languages.registerDocumentLinkProvider('*', {
    // In a file of requests, the code lens connects, with the headers and options of the request.
    provideDocumentLinks: (document) =>
      isRequestDocument(document)
        ? []
        : searchDocument(document, findWebSocketUrls).map(([range, spec]) => linkOf(range, spec)),
  })
}

function linkOf(range: vscode.Range, spec: ConnectionSpec): vscode.DocumentLink {
  // VS Code decodes the query of a command URI once more than that of other URIs.
  const query = encodeURIComponent(JSON.stringify([spec]))
  const link = new vscode.DocumentLink(range, vscode.Uri.from({ scheme: 'command', path: CONNECT, query }))
  link.tooltip = vscode.l10n.t('Connect in Realtime Inspector')
  return link
}
