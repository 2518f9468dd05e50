/** A text of a rule, in which names of code are between backticks. */
export function RuleText({ text }: { text: string }) {
  const pieces = text.split('`')
  if (pieces.length % 2 === 0) return <>{text}</>
  return <>{pieces.map((piece, at) => (at % 2 === 0 ? piece : <code key={at}>{piece}</code>))}</>
}
