using SaeNotebooks.Models; using SaeNotebooks.Training.Corpus; using SaeNotebooks.Training.Embedded; using SaeNotebooks.Training.Tasks;
using SaeNotebooks.Translation.Evaluation; using SaeNotebooks.Translation.Switch; using SaeNotebooks.Translation.SaeQuality; using SaeNotebooks.Saes.Formats; using SaeNotebooks.Translation.Judging;
using System.Diagnostics;
var data = "/work/wt/translation/data"; var clock = Stopwatch.StartNew();
void Say(string s) => Console.WriteLine($"[{clock.Elapsed.TotalSeconds:0.0}] {s}");
var corpus = new EmbeddedCorpus(data, new Mixture(), 1);
Say("corpus");
switch (args[0])
{
  case "leak":
    var sampler = new PromptSampler(corpus.Grammar, corpus.Wordings); var rng = new Rng(5); var w = sampler.Wordings(TaskKind.Translate, WordingSplit.Held);
    var prompts = PromptSampler.AllPairs.SelectMany(p => Enumerable.Range(0, 40).Select(_ => sampler.Translation(rng, p, w))).ToList();
    Say("prompts");
    var type = typeof(PromptSampler).Assembly.GetType("SaeNotebooks.Translation.Evaluation.TestLeak")!;
    var leak = (LeakCheck)type.GetMethod("Search")!.Invoke(null, [corpus.Documents, 50000, prompts])!;
    Say(leak.ToString());
    var t = NearestTemplate.Collect(corpus.Documents, 20000); Say("templates");
    var judge = new AnswerJudge(corpus.Grammar); Say("judge");
    foreach (var g in prompts.GroupBy(p => judge.Judge(p, t.Answer(p), true))) Say($"{g.Key} {g.Count()}");
    foreach (var p in prompts.Take(800).Where((_, i) => i % 40 == 0)) Console.WriteLine($"{p.Prompt.Trim()} => {p.Answer} | {corpus.Grammar.Translations(p.Meanings[0], p.Source, p.Target).Count}");
    break;
  case "make":
    new EmbeddedModelRecipe { Plan = new() { Steps = int.Parse(args[1]) }, TokenizerDocuments = 10000 }.Train(data, "/tmp/trscratch/work", "/tmp/trscratch/model", st => Say($"{st.Step} {st.Loss:0.00}"));
    break;
  case "export":
    {
        var recipe = new EmbeddedModelRecipe(); var asm = typeof(EmbeddedModelRecipe).Assembly; var any = System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.Instance;
        var folder = args[1];
        var tok = SaeNotebooks.Tokenization.TokenizerFile.Load(folder + "/tokenizer/tokenizer.json");
        var trainer = new SaeNotebooks.Training.LanguageModels.LanguageModelTrainer(recipe.Shape, recipe.Plan, recipe.Batches, corpus.Tokenised(tok), 2);
        var state = ((System.Collections.IEnumerable)trainer.GetType().GetMethod("State", any)!.Invoke(trainer, null)!).Cast<(string Name, TorchSharp.torch.Tensor Tensor)>();
        using (var file = SaeNotebooks.Checkpoints.SafetensorsFile.Open(folder + "/checkpoint.safetensors"))
        {
            foreach (var (name, tensor) in state) { using var ng = TorchSharp.torch.no_grad(); tensor.copy_(file.Read(name)); }
            Say(string.Join(" ", file.Metadata.Select(m => m.Key + "=" + m.Value)));
        }
        typeof(EmbeddedModelRecipe).GetMethod("Export", any)!.Invoke(recipe, [trainer.Parameters, folder + "/tokenizer", "/tmp/trscratch/early"]);
    }
    break;
  case "trainsae":
    using (var model = HookedTransformer.Load(args[1]))
    {
        var hooks = args[2].Split(',').Select(l => SaeNotebooks.Hooks.Hook.ResidPost(int.Parse(l))).ToArray();
        using var trainer = new SaeNotebooks.Training.Saes.SaeTrainer(model, hooks, corpus.Tokenised(model.Tokenizer!), new() { Rounds = int.Parse(args[3]) });
        foreach (var d in trainer.Run()) { Say(d.Round + " FVE " + string.Join(" ", d.VarianceExplained.Select(v => v.ToString("0.000"))) + " dead " + string.Join(" ", d.Dead.Select(v => v.ToString("0.000"))));
        for (var i = 0; i < hooks.Length; i++) { using var sae = trainer.Build(i, "early", 256); SaeLensFormat.Save(sae, "/tmp/trscratch/saes/" + hooks[i]); } }
    }
    break;
  case "len":
    using (var model = HookedTransformer.Load(args[1]))
    {
        var sam = new PromptSampler(corpus.Grammar, corpus.Wordings); var r = new Rng(5); var ws = sam.Wordings(TaskKind.Translate, WordingSplit.Held);
        var docs = Enumerable.Range(0, 3000).Select(_ => sam.Translation(r, r.Pick(PromptSampler.AllPairs), ws)).ToList();
        var ls = docs.Select(d => model.Encode(d.Answer, bos: false).Count).Order().ToList();
        Say($"answers: median {ls[1500]}, 90 % {ls[2700]}, 99 % {ls[2970]}, max {ls[^1]}; short {ls.Count(l => l < 3)}");
        ls = docs.Select(d => model.Encode(d.Prompt).Count).Order().ToList();
        Say($"prompts: median {ls[1500]}, 99 % {ls[2970]}, max {ls[^1]}");
        ls = Enumerable.Range(0, 1000).Select(_ => model.Encode(sam.FewShot(r, r.Pick(PromptSampler.AllPairs), 3).Prompt).Count).Order().ToList();
        Say($"few-shot: median {ls[500]}, max {ls[^1]}");
        ls = Enumerable.Range(0, 200).Select(_ => model.Encode(sam.Story(r, r.Pick(Languages.All), 6)).Count).Order().ToList();
        Say($"story: median {ls[100]}, max {ls[^1]}");
        foreach (var zz in new[]{1}) { var js = new AnswerJudge(corpus.Grammar);
          int wrong=0, n=0; string ex=""; for (int i=0;i<500;i++){ var d = sam.Translation(r, r.Pick(PromptSampler.AllPairs), ws); n++; if (js.Judge(d, d.Answer, true) != Outcome.Right) {wrong++; ex = d.Prompt + d.Answer;} } Say($"reference judged not right: {wrong}/{n} {ex}"); }
    }
    break;
  case "gen":
    using (var model = HookedTransformer.Load(args[1]))
    {
        var sam = new PromptSampler(corpus.Grammar, corpus.Wordings); var r = new Rng(5); var ws = sam.Wordings(TaskKind.Translate, WordingSplit.Held);
        var ps = Enumerable.Range(0, 256).Select(_ => model.Encode(sam.Translation(r, (Language.English, Language.German), ws).Prompt)).ToList();
        Say("threads " + TorchSharp.torch.get_num_threads());
        foreach (var b in new[] { 16, 32, 64, 128, 256 })
        {
            var at = clock.Elapsed.TotalSeconds;
            model.GenerateAll(ps.Take(b).ToList(), new SaeNotebooks.Generation.GenerationOptions { BatchSize = b, MaxNewTokens = 1 });
            var mid = clock.Elapsed.TotalSeconds;
            model.GenerateAll(ps.Take(b).ToList(), new SaeNotebooks.Generation.GenerationOptions { BatchSize = b, MaxNewTokens = 25 });
            var end = clock.Elapsed.TotalSeconds;
            Say($"batch {b}: prefill {mid - at:0.00} s ({ps.Take(b).Sum(p => p.Count) / (mid - at):0} tok/s), 25 tokens {end - mid:0.00} s, {(end - mid - (mid - at)) / 24 * 1000:0} ms a step, {b * 24 / (end - mid - (mid - at)):0} tok/s");
        }
    }
    break;
  case "card":
    using (var model = HookedTransformer.Load(args[1]))
    {
        var card = ModelEvaluation.Run(model, "tiny", corpus, args.Length > 2 ? new() { PromptsPerCell = int.Parse(args[2]), PromptsPerTask = int.Parse(args[2]) * 5, Stories = 10, LeakDocuments = 100 } : null, new P(Say));
        Console.WriteLine(ModelCardMarkdown.Render(card)); Say("done");
    }
    break;
  case "patch":
    using (var model = HookedTransformer.Load(args[1]))
    {
        var report = SwitchExperiment.Run(model, "tiny", corpus, [], args.Length > 2 ? new() { PatchCases = int.Parse(args[2]) } : null, new P(Say));
        Console.WriteLine(SwitchMarkdown.Render(report)); Say("done");
    }
    break;
  case "switch":
    using (var model = HookedTransformer.Load(args[1]))
    {
        var saes = Directory.GetDirectories(args[2]).Order().Select(f => SaeLensFormat.Load(f)).ToList();
        var report = SwitchExperiment.Run(model, "tiny", corpus, saes, args.Length > 3 ? SwitchOptions.Fast with { PatchCases = args[3] == "latents" ? 1 : 24 } : null, new P(Say));
        Console.WriteLine(SwitchMarkdown.Render(report)); Say("done");
    }
    break;
  case "sae":
    using (var model = HookedTransformer.Load(args[1]))
    {
        var saes = Directory.GetDirectories(args[2]).Order().Select(f => SaeLensFormat.Load(f)).ToList();
        var cards = SaeEvaluation.Run(model, corpus, saes, null, new P(Say));
        Console.WriteLine(SaeCardMarkdown.Render(cards));
        foreach (var n in cards[^2].Names) Console.WriteLine(string.Join("\n", n.Labels.Take(12)));
        Say("done");
    }
    break;
}
sealed class P(Action<string> say) : IProgress<string> { public void Report(string value) => say(value); }
