using System.Text.Json;
using System.Text.Json.Nodes;

namespace SaeNotebooks.Display;

/// <summary>
/// Attention patterns inside a page: small pictures of all heads and the last token's attention, which need no script; and a script that lets heads
/// and tokens be chosen.
/// </summary>
internal static class AttentionHtml
{
    private const string Script = """
        (function () {
          var tokens = @TOKENS, heads = @HEADS, n = tokens.length, bytes = atob('@BYTES');
          function at(head, query, key) { return bytes.charCodeAt((head * n + query) * n + key) / 255; }
          function element(parent, name, style, text) {
            var e = document.createElement(name);
            e.style.cssText = style;
            if (text !== undefined) e.textContent = text;
            return parent.appendChild(e);
          }
          function build(host) {
            var head = 0, token = n - 1, isHeld = false, isBack = false;
            var thumbs = host.querySelectorAll('figure'), spans = host.querySelectorAll('[data-part=tokens] > span');
            var focus = host.querySelector('[data-part=focus]'), key = host.querySelector('[data-part=key]');
            var cell = Math.max(4, Math.min(26, Math.floor(460 / n))), edge = cell < 9 ? 2 : Math.min(96, 12 + 7 * Math.max.apply(null, tokens.map(function (t) { return t.length; }))), side = cell * n;
            focus.style.cssText = 'position:relative;margin:10px 0 4px;font:11px/1 ui-monospace,Menlo,Consolas,monospace;width:' + (edge + side) + 'px;height:' + (edge + side) + 'px';
            var picture = element(focus, 'img', 'position:absolute;left:' + edge + 'px;top:' + edge + 'px;width:' + side + 'px;height:' + side +
              'px;max-width:none;margin:0;image-rendering:pixelated;outline:1px solid rgba(128,128,128,.5);cursor:crosshair');
            picture.alt = 'attention of the chosen head, queries downwards and keys to the right';
            var names = edge < 9 ? [] : [0, 1].map(function (isKey) {
              return tokens.map(function (text, i) {
                var middle = edge + (i + .5) * cell;
                return element(focus, 'span', 'position:absolute;white-space:pre;max-width:' + (edge - 6) + 'px;overflow:hidden;' + (isKey
                  ? 'left:' + (middle - 5) + 'px;top:' + (edge - 5) + 'px;transform-origin:0 0;transform:rotate(-90deg)'
                  : 'right:' + (side + 5) + 'px;top:' + (middle - 5) + 'px'), text);
              });
            });
            function show(other) {
              thumbs.forEach(function (t, i) { t.style.outline = i === head ? '2px solid currentColor' : ''; t.style.outlineOffset = '-1px'; });
              picture.src = thumbs[head].querySelector('img').src;
              spans.forEach(function (s, i) {
                var weight = isBack ? at(head, i, token) : at(head, token, i);
                s.style.background = 'rgba(@INK,' + (.85 * weight).toFixed(3) + ')';
                s.style.outline = i === token ? '2px solid currentColor' : '';
                s.title = tokens[i] + ' = ' + weight.toFixed(2);
              });
              names.forEach(function (list, isKey) {
                list.forEach(function (s, i) { s.style.fontWeight = i === (isKey ? other : token) ? 'bold' : ''; });
              });
              key.textContent = heads[head] + ': ' + (other === undefined
                ? (isBack ? 'what attends to ' : 'what is attended to from ') + '“' + tokens[token] + '” at ' + token + (isHeld ? ', held: click to let go' : '')
                : '“' + tokens[token] + '” attends to “' + tokens[other] + '” with ' + at(head, token, other).toFixed(2));
            }
            thumbs.forEach(function (t, i) { t.addEventListener('click', function () { head = i; show(); }); });
            spans.forEach(function (s, i) {
              s.addEventListener('mouseenter', function () { if (!isHeld) { token = i; show(); } });
              s.addEventListener('click', function () { isHeld = !isHeld || token !== i; token = i; show(); });
            });
            picture.addEventListener('mousemove', function (event) {
              var box = picture.getBoundingClientRect();
              function place(share) { return Math.max(0, Math.min(n - 1, Math.floor(n * share))); }
              token = place((event.clientY - box.top) / box.height);
              isBack = isHeld = false;
              show(place((event.clientX - box.left) / box.width));
            });
            var turn = element(host.querySelector('[data-part=turn]'), 'button', 'font:inherit;color:inherit;background:none;border:1px solid rgba(128,128,128,.5);border-radius:6px;padding:1px 8px;cursor:pointer', 'from ↔ to');
            turn.title = 'what a token attends to, or what attends to it';
            turn.addEventListener('click', function () { isBack = !isBack; show(); });
            show();
          }
          document.querySelectorAll('[data-sae-attention="@KEY"]').forEach(function (host) {
            if (!host.dataset.drawn) { host.dataset.drawn = 'yes'; build(host); }
          });
        })();
        """;

    public static string Write(AttentionView view)
    {
        var tokens = view.Tokens.Select(TokenStrip.Visible).ToList();
        var bytes = Convert.ToBase64String(view.Bytes());
        var key = Html.Key(bytes + string.Join('\0', tokens) + string.Join('\0', view.Heads));
        var script = Script.Replace("@TOKENS", Json(tokens), StringComparison.Ordinal).Replace("@HEADS", Json(view.Heads), StringComparison.Ordinal)
            .Replace("@INK", TokenStrip.Channels(TokenStrip.PositiveColor), StringComparison.Ordinal)
            .Replace("@KEY", key, StringComparison.Ordinal).Replace("@BYTES", bytes, StringComparison.Ordinal);
        var side = Math.Clamp(view.Tokens.Count * 4, 72, 128);
        var heads = string.Concat(view.Heads.Select((name, head) =>
            $"<figure style=\"margin:0;cursor:pointer;padding:3px;border-radius:4px\"><img alt=\"\" src=\"{view.Picture(head)}\" style=\"image-rendering:pixelated;width:{side}px;height:{side}px;" +
            $"border:1px solid rgba(128,128,128,.35);display:block;margin:0\"><figcaption style=\"font-size:12px;text-align:center\">{Html.Encode(name)}</figcaption></figure>"));
        var last = view.Tokens.Count - 1;
        var strip = string.Concat(tokens.Select((text, i) => $"<span style=\"background:{TokenStrip.Ground(view[0, last, i], 1, Figures.Scale.Sequential)};" +
            $"border-radius:3px;padding:3px 1px;margin-right:2px;white-space:pre;cursor:pointer\">{Html.Encode(text)}</span><wbr>"));
        return $"<div class=\"sae-attention\" data-sae-attention=\"{key}\"><div style=\"display:flex;flex-wrap:wrap;gap:8px\">{heads}</div><div data-part=\"focus\"></div>" +
            $"<div data-part=\"tokens\" style=\"{TokenStrip.Style}\">{strip}</div><div style=\"font-size:12px;margin-top:4px\"><span data-part=\"turn\"></span> " +
            $"<span data-part=\"key\" style=\"opacity:.75\">{Html.Encode($"{view.Heads[0]}: what is attended to from “{tokens[last]}” at {last}")}</span></div>\n<script>\n{script}\n</script>\n</div>";
    }

    private static string Json(IEnumerable<string> texts) => new JsonArray([.. texts.Select(t => JsonValue.Create(t))]).ToJsonString(JsonSerializerOptions.Default);
}
