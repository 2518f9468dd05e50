import * as vscode from 'vscode'

/** The first version of VS Code in which the tab of a panel can have an icon of the theme. In older ones it can only have images. */
const [MAJOR, MINOR] = [1, 110]

/** Shows an icon of the theme on the tab of a panel. Older versions of VS Code show that of a file. */
export function setTabIcon(panel: vscode.WebviewPanel, id: string): void {
  const [major = 0, minor = 0] = vscode.version.split('.').map(Number)
  const canShow = major > MAJOR || (major === MAJOR && minor >= MINOR)
  if (canShow) Object.assign(panel, { iconPath: new vscode.ThemeIcon(id) })
}
