import json,tomllib
# 1 city, 15 county/zone, 169 streets and townships. Names by general knowledge.
C=[('220102','nanguan','南关区','Nanguan District','난관구'),('220103','kuancheng','宽城区','Kuancheng District','콴청구'),('220104','chaoyang','朝阳区','Chaoyang District','차오양구'),('220105','erdao','二道区','Erdao District','얼다오구'),('220106','lvyuan','绿园区','Lüyuan District','뤼위안구'),('220112','shuangyang','双阳区','Shuangyang District','솽양구'),('220113','jiutai','九台区','Jiutai District','주타이구'),('220122','nongan','农安县','Nong\'an County','눙안현'),('220182','yushu','榆树市','Yushu','위수시'),('220183','dehui','德惠市','Dehui','더후이시'),('220184','gongzhuling','公主岭市','Gongzhuling','궁주링시'),
('220105','economic_zone','经济技术开发区','Economic and Technological Development Zone','경제기술개발구'),('220104','high_tech_zone','高新技术产业开发区','High-Tech Zone','하이테크산업개발구'),('220102','jingyue_zone','净月高新技术产业开发区','Jingyue High-Tech Zone','징웨 하이테크개발구'),('220106','automotive_zone','汽车经济技术开发区','Automotive Zone','자동차경제기술개발구')]
S='''220102:自强,民康,新春,长通,全安,曙光,永吉,桃源,鸿城,明珠,富裕,南岭,幸福乡
220103:新发,站前,南广,东广,群英,兴业,凯旋,团山,柳影,欣园,兰家镇,米沙子镇,奋进乡
220104:前进,桂林,南湖,永昌,红旗,重庆,清和,南站,湖西,富锋,乐山镇,永春镇
220105:东盛,吉林,荣光,东站,远达,八里堡,英俊镇,三道镇,泉眼镇,劝农山镇,四家乡
220106:正阳,青年路,同心,铁西,林园,普阳,春城,城西镇,合心镇,西新镇
220112:平湖,云山,奢岭,山河,太平镇,鹿乡镇,齐家镇,双营子回族乡
220113:团结,工农,南山,营城,东湖,九郊,西营城,九台,沐石河,城子街,其塔木镇,上河湾镇,波泥河,苇子沟,兴隆,纪家,土门岭,卡伦湖,龙嘉,胡家回族乡,莽卡满族乡
220122:宝塔,黄龙,和谐,兴农,农安镇,伏龙泉镇,哈拉海镇,靠山镇,开安镇,烧锅镇,高家店镇,华家镇,三盛玉镇,巴吉垒镇,三岗镇,前岗乡,龙王乡,万顺乡,杨树林乡,永安乡,青山口乡,黄鱼圈乡,新农乡,万金塔乡,小城子乡
220182:华昌,正阳,培英,城郊,五棵树镇,弓棚镇,闵家镇,大坡镇,黑林镇,土桥镇,新立镇,大岭镇,于家镇,泗河镇,八号镇,刘家镇,秀水镇,保寿镇
220183:胜利,建设,惠发,夏家店,大青咀镇,郭家镇,松花江镇,达家沟镇,大房身镇,岔路口镇,朱城子镇,布海镇,天台镇,菜园子镇,同太乡,边岗乡,五台乡,朝阳乡
220184:河南,河北,东三,岭东,铁北,岭西,范家屯镇,响水镇,大岭镇,怀德镇,双城堡镇,双龙镇,杨大城子镇,毛城子镇,玻璃城子镇,黑林子镇,陶家屯镇,秦家屯镇,八屋镇,朝阳坡镇'''
import re
from pypinyin import lazy_pinyin
TARGET=169
rows=[]
for line in S.split('\n'):
    code,names=line.split(':')
    for n in names.split(','):
        rows.append((code,n))
print(len(rows))
from stdnum.util import __name__ as _
def q(s): return json.dumps(s,ensure_ascii=False)
def pin(z):
    py=lazy_pinyin(z.replace('长','常') if z.startswith('长') else z.replace('重庆','虫庆').replace('八里堡','八里普').replace('卡伦','卡轮').replace('伏龙泉','伏龙泉').replace('乐山','乐山'))
    return ''.join(py).capitalize()
out=["# The city's 185 halls: one of the city, 15 of counties and development zones, 169 of streets and townships.","# Streets by general knowledge; English and Korean names are made from pinyin by rule. No addresses: they are","# not known here. Demonstration data.",""]
def hall(i,zh,en,ko,level,div,gen): out.extend(['[[hall]]',f'id = {q(i)}',f'name = {{ zh = {q(zh)}, en = {q(en)}, ko = {q(ko)} }}',f'level = {q(level)}',f'division = {q(div)}',f'generated = {str(gen).lower()}',''])
hall('city','长春市政务服务中心','Changchun Government Service Centre','창춘시 정무서비스센터','city','220100',False)
for code,i,zh,en,ko in C: hall(i,f'{zh}政务服务中心',f'{en} Government Service Centre',f'{ko} 정무서비스센터','county',code,False)
dist={c:(z,e,k) for c,_,z,e,k in C[:11]}
did={c:i for c,i,*_ in C[:11]}
seen=set()
for code,n in rows:
    if n.endswith('族乡') : base,suf,es,ks=n[:-3] if n[-3:] in ('回族乡','满族乡') else n[:-1],n[-3:],'Ethnic Township','민족향'
    elif n.endswith('镇'): base,suf,es,ks=n[:-1],'镇','Town','진'
    elif n.endswith('乡'): base,suf,es,ks=n[:-1],'乡','Township','향'
    else: base,suf,es,ks=n,'街道','Subdistrict','가도'
    p=pin(base); i=f'{did[code]}_{p.lower()}'
    if i in seen: i+= '_'+{'镇':'town','乡':'township','街道':'street'}.get(suf,'x')
    assert i not in seen,i; seen.add(i)
    z,e,k=dist[code]
    hall(i,f'{z}{base}{suf}便民服务中心',f'{p} {es} Service Centre, {e}',f'{k} {p} {ks} 주민센터','street',code,True)
open('/tmp/wt4/hub/catalog/halls.toml','w').write('\n'.join(out))
print(out.count('[[hall]]'))
