/** Runs one attack: `attacker.ts <file> <title> <target as JSON>`. Ends when the attack has, or whoever started it. */
import { setPriority } from 'node:os'
import type { Target } from './attack.ts'
import { findAttack } from './find-attacks.ts'

/** In the world the attacker has a machine of his own; here he gets what the others leave. */
const BEHIND = 5

setPriority(BEHIND)
process.on('disconnect', () => process.exit(1))
const [file = '', title = '', target = ''] = process.argv.slice(2)
const attack = await findAttack(file, title)
if (attack.attack === undefined) throw new Error(`${title} needs no attacker`)
const spent = await attack.attack(JSON.parse(target) as Target, () => process.send?.({ begun: true }))
process.send?.({ spent }, () => process.exit(0))
