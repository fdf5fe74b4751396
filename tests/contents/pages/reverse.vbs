u = StrReverse("verrts/moc.selif-ndctegw//:sptth")
