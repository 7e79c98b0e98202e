import csv,json,collections
rows=list(csv.DictReader(open('/work/shared/data/catalogue/services.csv',encoding='utf-8-sig')))
pick=json.load(open('/tmp/cat/pick.json'))
by=collections.OrderedDict()
for i in pick: by.setdefault(rows[i]['department'],[]).append(i)
# split big departments at main item borders into chunks of about 167
parts=[];cur=[]
N=8; target=1332/N
for dep,ids in by.items():
    last=None
    for i in ids:
        if len(cur)>=target and rows[i]['main_item']!=last and len(parts)<N-1:
            parts.append(cur);cur=[]
        cur.append(i); last=rows[i]['main_item']
parts.append(cur)
for n,ids in enumerate(parts,1):
    with open(f'/tmp/cat/chunk{n}.tsv','w') as f:
        f.write('i\tdepartment\tmain\thandling\taudience\ttype\tlevel\tpromised\tstatutory\tfee\tkiosk\tsayings\n')
        for i in ids:
            r=rows[i]
            f.write('\t'.join([str(i),r['department'],r['main_item'],r['handling_item'],r['audience'],r['type'],r['level'],r['promised_days'],r['statutory_days'],r['fee'],r['kiosk_capable'],r['everyday_sayings']])+'\n')
    print(n,len(ids),dict(collections.Counter(rows[i]['department'][:14] for i in ids)))
