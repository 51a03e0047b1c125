import type { OptionSpec } from './option.ts'

/** Options about who the node is, and what is kept of it. */
export const PROFILE_OPTIONS: readonly OptionSpec[] = [
  {
    key: 'profile',
    flag: 'profile',
    kind: 'text',
    value: '<name>',
    summary: 'which identity and address book (default)',
  },
  { key: 'ephemeral', flag: 'ephemeral', kind: 'on', summary: 'a new identity for this run, kept nowhere' },
  { key: 'dataDir', flag: 'data-dir', kind: 'text', value: '<dir>', summary: 'where profiles are kept' },
  { key: 'config', flag: 'config', kind: 'text', value: '<file>', summary: 'options from a JSON file' },
]

/** Options about what is shown. */
export const OUTPUT_OPTIONS: readonly OptionSpec[] = [
  { key: 'headless', flag: 'headless', kind: 'on', summary: 'no screen: log what happens as lines' },
  { key: 'json', flag: 'json', kind: 'on', summary: 'no screen: one JSON object a line' },
  {
    key: 'logFile',
    flag: 'log-file',
    kind: 'text',
    value: '<file>',
    summary: 'append every event to a file, one JSON object a line; five of 16 MiB are kept',
  },
  { key: 'demo', flag: 'demo', kind: 'on', summary: 'a made-up network instead of a node' },
  { key: 'color', flag: 'no-color', kind: 'off', summary: 'no colours; NO_COLOR does the same' },
]
