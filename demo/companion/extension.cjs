/**
 * Connects the inspector to the demo server that demo.json in the opened folder names (`npm start` writes it).
 * Without that file, it starts the built-in demo.
 */
const vscode = require('vscode')

exports.activate = async () => {
  const [file] = await vscode.workspace.findFiles('demo.json')
  if (file === undefined) return vscode.commands.executeCommand('realtimeInspector.startDemo')
  const { connections } = JSON.parse(Buffer.from(await vscode.workspace.fs.readFile(file)).toString())
  await vscode.commands.executeCommand('realtimeInspector.startDemo', connections)
}
