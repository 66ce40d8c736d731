/** The command that was given, as a shell would take it again. */
export function commandLine(): string {
  return ['tailtax', ...process.argv.slice(2)]
    .map((word) => (/^[\w./:=,@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`))
    .join(' ')
}
