export function readAgentDay(db, day) {
    const row = db.get("SELECT turns, tokens, microdollars FROM agent_days WHERE day = ?", day);
    return row ?? { turns: 0, tokens: 0, microdollars: 0 };
}
/** Inside `database.write`. */
export function addAgentUse(db, day, use) {
    db.run(`INSERT INTO agent_days (day, turns, tokens, microdollars) VALUES (?, ?, ?, ?)
     ON CONFLICT (day) DO UPDATE SET turns = turns + excluded.turns, tokens = tokens + excluded.tokens,
       microdollars = microdollars + excluded.microdollars`, day, use.turns, use.tokens, use.microdollars);
}
