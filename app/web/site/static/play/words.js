// What the playground itself says. What the shop says comes from the shop.

const WORDS = {
  ko: {
    pitch: "댓글 하나가 채팅 안에서 주문이 되기까지",
    shopper: "손님", new: "처음 온 손님", known: "단골손님", language: "언어", pages: "화면", posts: "게시물",
    noRegular: "아직 단골이 없어요. 처음 온 손님으로 한 번 주문해 보세요.",
    newHello: "새 손님이에요: {name}", knownHello: "다시 온 손님이에요: {name}",
    faults: "고장 내기", faultsHint: "켜 두고 주문해 보세요. 그래도 주문은 한 번만 되고, 빠지는 것도 없어요.",
    twice: "모두 두 번 보내기", twiceHint: "같은 웹훅이 한 번 더 와요",
    shuffle: "순서 섞기", shuffleHint: "웹훅이 뒤섞여서 늦게 와요",
    drop: "결제 웹훅 잃어버리기", dropHint: "결제사가 알려 주지 않아요",
    kill: "워커 죽이기", killHint: "일하던 중에 멈추고 새로 떠요", killed: "워커를 죽였어요. 새 워커가 이어서 일해요.",
    post: "게시물", phone: "손님 휴대폰", shopSide: "가게 화면",
    follow: "팔로우", likes: "좋아요 {count}개", comments: "댓글", noComments: "첫 댓글을 남겨 보세요.",
    askComment: "댓글에 {tag} 를 남기면 DM으로 주문할 수 있어요.",
    comment: "댓글 달기…", publish: "게시", ideas: "이렇게 남겨 보세요", author: "작성자",
    write: "메시지 보내기…", send: "보내기", dmWho: "쇼핑 도우미", empty: "아직 대화가 없어요.\n게시물에 댓글을 남겨 보세요.",
    delivered: "전송됨", seen: "읽음", typing: "입력 중", closeSheet: "페이지 닫기", close: "닫기",
    newMessage: "{name}: 새 메시지가 왔어요", shopSays: "가게", you: "나",
    order: "주문", stock: "재고", member: "회원", hood: "속 들여다보기",
    noOrder: "아직 주문이 없어요", noOrderHint: "손님이 댓글을 남기면 여기서 주문이 되어 가는 것을 볼 수 있어요.",
    basket: "고르는 중", kept: "맡아 두는 시간", total: "합계", to: "받는 곳", history: "지나온 길", money: "돈의 흐름",
    onHand: "재고", held: "맡아 둠", free: "판매 가능", soldOut: "품절", last: "마지막 하나",
    noMember: "아직 모르는 손님이에요", noMemberHint: "첫 주문이 끝나면 회원이 되고 포인트가 쌓여요.",
    points: "포인트", toNext: "{tier}까지 {amount}", top: "가장 높은 등급이에요", spent: "지금까지 {amount}", addresses: "저장된 주소", orders: "주문 내역",
    inbox: "들어온 일", outbox: "나간 일", noRows: "아직 아무 일도 없어요", all: "모두",
    took: "{ms}ms", tries: "{count}번째", row: "{way} {id} · {kind}", signature: "서명", asPosted: "받은 그대로", event: "이벤트", before: "전", after: "후", did: "한 일", job: "보낸 내용", received: "플랫폼이 받은 요청", facts: "줄의 상태", answered: "응답 {status} · {ms}ms",
    offline: "서버와 끊겼어요. 다시 잇는 중이에요…",
    states: { awaiting_payment: "결제 기다림", paid: "결제됨", shipped: "배송 중", delivered: "배송 완료", cancelled: "취소됨", expired: "시간 지남", refunded: "환불됨" },
    steps: ["대화", "주문", "결제", "배송"],
  },
  en: {
    pitch: "From one comment to a paid order, inside the chat",
    shopper: "Shopper", new: "New shopper", known: "Known shopper", language: "Language", pages: "Pages", posts: "Posts",
    noRegular: "Nobody is known yet. Buy once as a new shopper.",
    newHello: "A new shopper: {name}", knownHello: "Back again: {name}",
    faults: "Break things", faultsHint: "Switch one on and buy. The order is still made once, and nothing is lost.",
    twice: "Deliver everything twice", twiceHint: "the same webhook comes again",
    shuffle: "Shuffle", shuffleHint: "webhooks come late and out of order",
    drop: "Drop the payment webhook", dropHint: "the provider never tells us",
    kill: "Kill the worker", killHint: "in the middle of its work; a new one starts", killed: "Worker killed. A new one goes on where it stopped.",
    post: "Post", phone: "Phone", shopSide: "Shop",
    follow: "Follow", likes: "{count} likes", comments: "Comments", noComments: "Be the first to comment.",
    askComment: "Comment {tag} and order in your DM.",
    comment: "Add a comment…", publish: "Post", ideas: "Try one of these", author: "Author",
    write: "Message…", send: "Send", dmWho: "Shopping assistant", empty: "No messages yet.\nComment under the post.",
    delivered: "Delivered", seen: "Seen", typing: "Typing", closeSheet: "Close the page", close: "Close",
    newMessage: "{name}: new message", shopSays: "Shop", you: "You",
    order: "Order", stock: "Stock", member: "Member", hood: "Under the hood",
    noOrder: "No order yet", noOrderHint: "When the shopper comments, watch the order come about here.",
    basket: "Choosing", kept: "Kept for", total: "Total", to: "Goes to", history: "How it came about", money: "Money",
    onHand: "On hand", held: "Held", free: "Free", soldOut: "Sold out", last: "Last one",
    noMember: "Not known yet", noMemberHint: "After the first order they are a member and collect points.",
    points: "Points", toNext: "{amount} to {tier}", top: "The highest tier", spent: "{amount} so far", addresses: "Saved addresses", orders: "Orders",
    inbox: "Came in", outbox: "Went out", noRows: "Nothing has happened yet", all: "All",
    took: "{ms} ms", tries: "try {count}", row: "{way} {id} · {kind}", signature: "Signature", asPosted: "As it was posted", event: "Event", before: "Before", after: "After", did: "What was done", job: "What was sent", received: "As the platform received it", facts: "The row", answered: "answered {status} · {ms} ms",
    offline: "The server is away. Connecting again…",
    states: { awaiting_payment: "Awaiting payment", paid: "Paid", shipped: "Shipped", delivered: "Delivered", cancelled: "Cancelled", expired: "Expired", refunded: "Refunded" },
    steps: ["Chat", "Order", "Payment", "Delivery"],
  },
};

let language = "ko";

export function speak(chosen) {
  language = WORDS[chosen] ? chosen : "en";
  document.documentElement.lang = language;
  for (const element of document.querySelectorAll("[data-t]")) element.textContent = t(element.dataset.t);
  for (const element of document.querySelectorAll("[data-label]")) element.setAttribute("aria-label", t(element.dataset.label));
}

export const spoken = () => language;

export function t(key, values = {}) {
  const text = key.split(".").reduce((found, part) => found?.[part], WORDS[language]) ?? key;
  if (typeof text !== "string") return text;
  return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}
