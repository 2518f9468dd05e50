/** The HTML of a webview: only our script and style, nothing from the network. Payloads are never part of it. */

export interface PanelResources {
  /** Webview URIs of the bundle. */
  readonly script: string
  readonly style: string
  /** `webview.cspSource`. */
  readonly cspSource: string
  /** A new one for each page; base64 or alphanumeric. */
  readonly nonce: string
}

function attribute(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;')
}

/** Returns the whole document. */
export function panelHtml(resources: PanelResources): string {
  const { cspSource } = resources
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
  // The id is where @vscode-elements looks for the icon font's style sheet.
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${attribute(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Realtime Inspector</title>
<link id="vscode-codicon-stylesheet" rel="stylesheet" nonce="${nonce}" href="${attribute(resources.style)}">
<script type="module" nonce="${nonce}" src="${attribute(resources.script)}"></script>
</head>
<body></body>
</html>
`
}
