/** Connects the inspector to what demo.json in the opened folder names. */
const vscode = require('vscode')

exports.activate = async () => {
  const [file] = await vscode.workspace.findFiles('demo.json')
  if (file === undefined) return
  const { connections } = JSON.parse(Buffer.from(await vscode.workspace.fs.readFile(file)).toString())
  for (const spec of connections) await vscode.commands.executeCommand('realtimeInspector.connect', spec)
}
