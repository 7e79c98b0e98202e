import time,sys
t=time.time()
from pathlib import Path
from kiosk.contract.catalog_source import read_source
from kiosk.contract.catalog import check_bundle
b,f=read_source(Path('hub/catalog'))
print(len(b['services']),'services',len(f),'faults',round(time.time()-t,2),'s')
for x in f[:20]: print(' ',x)
t=time.time(); check_bundle(b) if not f else None; print('check',round(time.time()-t,2))
import json; print(len(json.dumps(b,ensure_ascii=False).encode())//1024,'KB')
