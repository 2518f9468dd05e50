/** The HTML of webviews: only our script and style, nothing from the network. Payloads are never part of it. */
import { randomBytes } from 'node:crypto'
import * as vscode from 'vscode'
import { sentenceOf } from '../../shared/failure.ts'
import type { PageFiles } from './page-files.ts'

export interface PageResources {
  /** Webview URIs of the bundle. */
  readonly script: string
  readonly style: string
  /** `webview.cspSource`. */
  readonly cspSource: string
  /** A new one for each page; base64 or alphanumeric. */
  readonly nonce: string
  /** The editor's language, in which the page writes numbers. */
  readonly language: string
  /** Translations of the page's texts, and their language. Undefined for English. */
  readonly translations:
    | { readonly language: string; readonly bundle: Readonly<Record<string, string>> }
    | undefined
}

/** Loads the page whose bundle is `NAME.js` and `NAME.css`. If its files cannot be stored, shows a sentence instead. */
export function loadPage(webview: vscode.Webview, pages: PageFiles, name: 'webview' | 'compare'): void {
  let folder: vscode.Uri
  try {
    folder = vscode.Uri.file(pages.folder())
  } catch (error) {
    webview.html = escapedText(
      vscode.l10n.t(
        'The files of the panel could not be unpacked: {0}. Free space on the disk, or allow writing there, and open the panel again.',
        sentenceOf(error),
      ),
    )
    return
  }
  const resource = (file: string) => webview.asWebviewUri(vscode.Uri.joinPath(folder, file)).toString()
  webview.options = { enableScripts: true, localResourceRoots: [folder] }
  webview.html = pageHtml({
    script: resource(`${name}.js`),
    style: resource(`${name}.css`),
    cspSource: webview.cspSource,
    nonce: randomBytes(18).toString('base64'),
    language: vscode.env.language,
    translations: vscode.l10n.bundle && { language: vscode.env.language, bundle: vscode.l10n.bundle },
  })
}

function attribute(value: string): string {
  return escapedText(value).replaceAll('"', '&quot;')
}

function escapedText(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}

/** Returns the whole document. */
export function pageHtml(resources: PageResources): string {
  const { cspSource, translations } = resources
  const nonce = attribute(resources.nonce)
  const policy = [
    `default-src 'none'`,
    `script-src 'nonce-${nonce}'`,
    `style-src ${cspSource} 'nonce-${nonce}'`,
    `font-src ${cspSource}`,
    `img-src blob: data:`,
    `media-src blob:`,
    `base-uri 'none'`,
    `form-action 'none'`,
  ].join('; ')
  const texts = translations && ` data-l10n="${attribute(JSON.stringify(translations.bundle))}"`
  // The id is where @vscode-elements looks for the icon font's style sheet.
  return `<!doctype html>
<html lang="${attribute(translations?.language ?? 'en')}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${attribute(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Realtime Inspector</title>
<link id="vscode-codicon-stylesheet" rel="stylesheet" nonce="${nonce}" href="${attribute(resources.style)}">
<script type="module" nonce="${nonce}" src="${attribute(resources.script)}"></script>
</head>
<body data-language="${attribute(resources.language)}"${texts ?? ''}></body>
</html>
`
}
