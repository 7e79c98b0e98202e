import csv,json,string
from stdnum.cn import uscc
ALPH='0123456789ABCDEFGHJKLMNPQRTUWXY'
OUT='/tmp/wt4/hub/catalog/'
# id, zh, ko
D=[l.split('|') for l in '''digital_government|长春市政务服务和数字化建设管理局|창춘시 정무서비스·디지털건설관리국
development_reform|长春市发展和改革委员会|창춘시 발전개혁위원회
education|长春市教育局|창춘시 교육국
science|长春市科学技术局|창춘시 과학기술국
industry|长春市工业和信息化局|창춘시 공업정보화국
ethnic_affairs|长春市民族事务委员会|창춘시 민족사무위원회
public_security|长春市公安局|창춘시 공안국
civil_affairs|长春市民政局|창춘시 민정국
justice|长春市司法局|창춘시 사법국
finance|长春市财政局|창춘시 재정국
human_resources|长春市人力资源和社会保障局|창춘시 인력자원·사회보장국
social_insurance|长春市社会保险事业管理局|창춘시 사회보험사업관리국
planning|长春市规划和自然资源局|창춘시 계획·자연자원국
real_estate|长春市不动产登记中心|창춘시 부동산등기센터
environment|长春市生态环境局|창춘시 생태환경국
construction|长春市城乡建设委员会|창춘시 도농건설위원회
housing|长春市住房保障和房屋管理局|창춘시 주택보장·주택관리국
urban_management|长春市城市管理局|창춘시 도시관리국
forestry|长春市林业和园林局|창춘시 임업·조경국
transport|长春市交通运输局|창춘시 교통운수국
water_affairs|长春市水务局|창춘시 수무국
agriculture|长春市农业农村局|창춘시 농업농촌국
animal_husbandry|长春市畜牧业管理局|창춘시 축산업관리국
commerce|长春市商务局|창춘시 상무국
culture|长春市文化广播电视和旅游局|창춘시 문화방송관광국
health|长春市卫生健康委员会|창춘시 보건위원회
veterans|长春市退役军人事务局|창춘시 퇴역군인사무국
emergency|长春市应急管理局|창춘시 응급관리국
foreign_affairs|长春市人民政府外事办公室|창춘시 인민정부 외사판공실
market_regulation|长春市市场监督管理局|창춘시 시장감독관리국
sports|长春市体育局|창춘시 체육국
statistics|长春市统计局|창춘시 통계국
healthcare_security|长春市医疗保障局|창춘시 의료보장국
petitions|长春市信访局|창춘시 민원국
local_finance|长春市地方金融管理局|창춘시 지방금융관리국
housing_fund|长春市住房公积金管理中心|창춘시 주택공적금관리센터
public_resources|长春市公共资源交易中心|창춘시 공공자원거래센터
archives|长春市档案馆|창춘시 기록보관소
disabled|长春市残疾人联合会|창춘시 장애인연합회
trade_unions|长春市总工会|창춘시 총공회(노동조합총연맹)
women|长春市妇女联合会|창춘시 여성연합회
youth_league|共青团长春市委员会|공청단 창춘시위원회
red_cross|长春市红十字会|창춘시 적십자회
publicity|中共长春市委宣传部（市新闻出版局、市电影局）|창춘시위 선전부(신문출판국·영화국)
united_front|中共长春市委统一战线工作部（市侨务办公室）|창춘시위 통일전선부(교무판공실)
tax|国家税务总局长春市税务局|국가세무총국 창춘시 세무국
meteorology|长春市气象局|창춘시 기상국
fire_rescue|长春市消防救援支队|창춘시 소방구조지대
postal|长春市邮政管理局|창춘시 우정관리국
central_bank|中国人民银行吉林省分行|중국인민은행 지린성 지점
power|国网长春供电公司|국가전력망 창춘전력공급회사
water_supply|长春水务（集团）有限责任公司|창춘수무그룹
gas|长春燃气股份有限公司|창춘가스주식회사
heating|长春市供热（集团）有限公司|창춘난방그룹
street|街道办事处（乡镇人民政府）|가도판사처(향진 인민정부)
community|社区居民委员会（便民服务站）|사구 주민위원회(주민센터)'''.split('\n')]
csvd={r['name_zh']:r for r in csv.DictReader(open('/work/shared/data/catalogue/departments.csv',encoding='utf-8-sig'))}
import tomllib
old={d['id']:d for d in tomllib.load(open('/work/main/hub/catalog/departments.toml','rb'))['department']}
used=[int(d['credit_code'][10:12]) for d in old.values()]
nxt=max(used)+1
def org_check(code8):
    w=(3,7,9,10,5,8,4,2); s=sum((int(c) if c.isdigit() else ord(c)-55)*k for c,k in zip(code8,w)); c=11-s%11
    return 'X' if c==10 else '0' if c==11 else str(c)
def credit(n):
    body=f'A9{n:02d}00YM'
    base='11220100'+body+org_check(body)
    return base+uscc.calc_check_digit(base)
assert credit(1)==old['human_resources']['credit_code'],(credit(1),)
def q(s): return json.dumps(s,ensure_ascii=False)
out=['# The city\'s departments. Names follow general knowledge of its present offices (some named in the','# news, see sources); the credit codes are fictional with right check characters (GB 32100 and','# GB 11714): demonstration data.','']
ids={}
for i,zh,ko in D:
    r=csvd[zh]; kind=r['kind'].replace('部门所属单位','市直属事业单位')
    if i in old: code=old[i]['credit_code']
    else:
        code=credit(nxt); nxt+=1
    ids[zh]=(i,code)
    src=r['source'].replace('gk','general knowledge')
    out+=['[[department]]',f'id = {q(i)}',f'name = {{ zh = {q(zh)}, en = {q(r["name_en"])}, ko = {q(ko)} }}',f'kind = {q(kind)}',f'credit_code = {q(code)}','generated = true',f'sources = [{q(src)}]','']
open(OUT+'departments.toml','w').write('\n'.join(out))
json.dump(ids,open('/tmp/cat/departments.json','w'),ensure_ascii=False)
# materials
out=['# Materials that many services ask for. Trust (rules of 2016): A issued by the body itself, B checked','# at a window and reusable, C uploaded and checked later, D declared by the person.','']
for l in open('/tmp/cat/materials.tsv'):
    i,zh,en,ko,t=l.rstrip('\n').split('\t')
    if i=='none': continue
    out+=['[[material]]',f'id = {q(i)}',f'name = {{ zh = {q(zh)}, en = {q(en)}, ko = {q(ko)} }}',f'trust = {q(t)}','']
open(OUT+'materials.toml','w').write('\n'.join(out))
# groups
G='''social|person|blue|shield-check|社保养老|Social insurance|사회보험·연금|参保证明 · 社保卡 · 养老金|Certificates · card · pension|가입증명 · 사회보장카드 · 연금
identity|person|violet|identification-card|户籍身份|Identity & residence|호적·신분증|身份证 · 居住证 · 护照|ID card · residence · passport|신분증 · 거주증 · 여권
medical|person|red|first-aid-kit|医疗医保|Health & insurance|의료·의료보험|参保 · 报销 · 慢病|Enrolment · refunds · long illness|가입 · 환급 · 만성질환
housing|person|orange|house-line|住房公积金|Housing & provident fund|주택·공적금|提取 · 房产证 · 公租房|Withdrawal · title · public housing|인출 · 부동산증 · 공공임대
family|person|pink|users-three|老人儿童|Family & care|노인·아동·가족|高龄津贴 · 出生 · 婚姻|Old-age benefit · birth · marriage|고령수당 · 출생 · 혼인
education|person|teal|graduation-cap|教育入学|School & study|교육·입학|报名 · 转学 · 资助|Enrolment · transfer · aid|입학 · 전학 · 지원금
transport|person|green|bus|公交驾车|Bus & driving|교통·운전|敬老卡 · 驾驶证 · 车辆|Senior card · licence · vehicle|경로카드 · 면허증 · 차량
tax|person|brown|receipt|税费缴纳|Taxes & bills|세금·요금|个税 · 契税 · 水电气热|Income tax · deed tax · utilities|소득세 · 취득세 · 공과금
work|person|blue|briefcase|就业创业|Work & business start|취업·창업|失业金 · 档案 · 职称|Unemployment · files · titles|실업급여 · 인사기록 · 직칭
aid|person|red|hand-heart|救助优抚|Aid, disability, veterans|구호·장애·보훈|低保 · 残疾人 · 退役军人|Minimum living · disability · veterans|기초생활 · 장애인 · 퇴역군인
law|person|violet|scales|法律投诉|Law & complaints|법률·민원|公证 · 投诉 · 查档案|Notary · complaints · archives|공증 · 민원 · 기록 조회
life|person|green|tree|文体三农|Leisure & countryside|문화·체육·농촌|图书证 · 场馆 · 惠农|Library · sports · farming|도서관 · 체육 · 농업
biz_start|company|blue|storefront|开办注销|Start, change, close|창업·변경·폐업|营业执照 · 变更 · 年报|Licence · changes · yearly report|영업집조 · 변경 · 연차보고
biz_licence|company|red|certificate|经营许可|Trade permits|영업 허가|食品 · 卫生 · 药品|Food · hygiene · medicine|식품 · 위생 · 의약
biz_staff|company|teal|users-four|用工社保|Staff & insurance|고용·사회보험|参保 · 公积金 · 用工|Insurance · fund · hiring|가입 · 공적금 · 고용
biz_tax|company|brown|calculator|税务发票|Tax & invoices|세무·영수증|发票 · 完税证明 · 申报|Invoices · proofs · returns|영수증 · 납세증명 · 신고
biz_build|company|orange|crane|工程建设|Building projects|건설 공사|施工许可 · 资质 · 占道|Permits · qualification · roads|시공허가 · 자격 · 도로점용
biz_transport|company|green|truck|交通物流|Transport & logistics|교통·물류|货运 · 客运 · 从业资格|Freight · passengers · drivers|화물 · 여객 · 종사자격
biz_culture|company|violet|books|文教社团|Culture, schools, societies|문화·교육·단체|演出 · 办学 · 社会组织|Shows · schools · societies|공연 · 학교 · 사회조직
biz_rural|company|pink|plant|农林环安|Farming, nature, safety|농림·환경·안전|种养 · 环保 · 安全生产|Farming · environment · safety|농축산 · 환경 · 안전'''
out=['# The doors of the home screen: situations of a person\'s life, and of a company\'s, not departments.','# Order is order on screen. Icons are names of the Phosphor set, colours are keys of the theme.','']
for l in G.split('\n'):
    i,a,c,ic,*t=l.split('|')
    out+=['[[group]]',f'id = {q(i)}',f'name = {{ zh = {q(t[0])}, en = {q(t[1])}, ko = {q(t[2])} }}',f'hint = {{ zh = {q(t[3])}, en = {q(t[4])}, ko = {q(t[5])} }}',f'icon = {q(ic)}',f'colour = {q(c)}',f'audience = {q(a)}','']
open(OUT+'groups.toml','w').write('\n'.join(out))
